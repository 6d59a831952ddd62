import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCognitoVerifier, readCredentials } from '#libs/identity';
import type { CognitoVerifier } from '#libs/identity';
import { RequestError } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.='];

let issuer: TokenIssuer;
let verifier: CognitoVerifier;
let token: string;
beforeAll(async () => {
  issuer = await startTokenIssuer();
  const { endpoint, userPoolId } = issuer;
  verifier = createCognitoVerifier({ userPoolId, region: 'eu-central-1', endpoint, defaultAction: 'ALLOW' });
  token = await issuer.idToken({ username: 'jdoe', groups: ['admins'] });
});
afterAll(() => issuer.stop());

describe('an altered token', () => {
  it('should be refused by both ways to verify, whichever character was changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(...alphabet), async (at, character) => {
        const position = at % token.length;
        fc.pre(token[position] !== character);
        const altered = `${token.slice(0, position)}${character}${token.slice(position + 1)}`;
        const credentials = readCredentials({ authorization: altered }, []);
        await expect(verifier.verify(credentials)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
      }),
      { numRuns: 300 },
    );
  });

  it('should meet a refusal and no other error, whatever text it is', async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    );
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        const error: unknown = await verifier
          .verify(readCredentials({ authorization: text }, []))
          .catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(RequestError);
      }),
      { numRuns: 300 },
    );
  });
});
