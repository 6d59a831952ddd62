import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unauthorizedTexts } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { createApiKeyVerifier } from './api-key-verifier.js';
import { createAuthenticator } from './authenticator.js';
import { createCognitoVerifier } from './tokens/cognito-verifier.js';
import { connectRequest, readCredentials } from './credentials.js';
import { createLambdaVerifier } from './lambda/lambda-verifier.js';

const key = 'da2-boardsboardsboardsboards01';
const apiKeys = createApiKeyVerifier({ keys: [{ id: 'web', key }] });

let staff: TokenIssuer;
let guests: TokenIssuer;
beforeAll(async () => {
  staff = await startTokenIssuer({ userPoolId: 'local_staff' });
  guests = await startTokenIssuer({ userPoolId: 'local_guests' });
});
afterAll(async () => {
  await staff.stop();
  await guests.stop();
});

const poolOf = ({ endpoint, userPoolId }: TokenIssuer) =>
  createCognitoVerifier({ userPoolId, region: 'eu-central-1', endpoint, defaultAction: 'ALLOW' });
const token = (issuer: TokenIssuer) => issuer.accessToken({ username: 'jdoe' });

describe('an API with keys and a user pool', () => {
  const authenticate = (headers: Readonly<Record<string, string | undefined>>) =>
    createAuthenticator([poolOf(staff), apiKeys]).authenticate(readCredentials(headers, []));

  it('should know a key', async () => {
    expect((await authenticate({ 'X-Api-Key': key })).mode).toBe('API_KEY');
  });

  it('should know a user', async () => {
    expect((await authenticate({ Authorization: await token(staff) })).mode).toBe('AMAZON_COGNITO_USER_POOLS');
  });

  it('should look at the key first when both are sent', async () => {
    const both = { authorization: await token(staff), 'x-api-key': key };
    expect((await authenticate(both)).mode).toBe('API_KEY');
    await expect(authenticate({ ...both, 'x-api-key': 'da2-wrong' })).rejects.toThrow(unauthorizedTexts.refused);
  });

  it.each([
    { name: 'nothing', headers: {}, text: 'missing' },
    { name: 'a blank header', headers: { authorization: ' ' }, text: 'missing' },
    { name: 'a SigV4 signature', headers: { authorization: 'AWS4-HMAC-SHA256 Credential=AKID' }, text: 'missing' },
    { name: 'a text that is no token', headers: { authorization: 'Bearer opaque' }, text: 'unparsable' },
    { name: 'a wrong key', headers: { 'x-api-key': 'da2-wrong' }, text: 'refused' },
  ] as const)('should refuse $name with "$text"', async ({ headers, text }) => {
    await expect(authenticate(headers)).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      message: unauthorizedTexts[text],
    });
  });

  it('should refuse a user of another pool, and ask nobody for keys', async () => {
    const before = guests.fetches;
    await expect(authenticate({ authorization: await token(guests) })).rejects.toThrow(unauthorizedTexts.refused);
    expect(guests.fetches).toBe(before);
  });

  it('should tell a user whose token has expired', async () => {
    const expired = await staff.accessToken({ username: 'jdoe', expiresInS: -60 });
    await expect(authenticate({ authorization: expired })).rejects.toThrow(unauthorizedTexts.expired);
  });
});

describe('an API with two user pools', () => {
  it('should ask the pool that issued the token', async () => {
    const authenticator = createAuthenticator([poolOf(staff), poolOf(guests)]);
    for (const issuer of [staff, guests]) {
      const identity = await authenticator.authenticate(readCredentials({ authorization: await token(issuer) }, []));
      expect(identity.context?.['issuer']).toBe(issuer.issuer);
    }
  });
});

describe('an API with keys only', () => {
  it('should not count a token as credentials', async () => {
    const refusal = createAuthenticator([apiKeys]).authenticate(
      readCredentials({ authorization: await token(staff) }, []),
    );
    await expect(refusal).rejects.toThrow(unauthorizedTexts.missing);
  });
});

describe('an API with a user pool only', () => {
  it('should not mind a key beside the token', async () => {
    const headers = { authorization: await token(staff), 'x-api-key': 'left-over' };
    const identity = await createAuthenticator([poolOf(staff)]).authenticate(readCredentials(headers, []));
    expect(identity.subject).toBe('sub-of-jdoe');
  });

  it('should not count a key as credentials', async () => {
    const refusal = createAuthenticator([poolOf(staff)]).authenticate(readCredentials({ 'x-api-key': key }, []));
    await expect(refusal).rejects.toThrow(unauthorizedTexts.missing);
  });
});

describe('what no mode takes', () => {
  const answerTo = (token: string) => createAuthenticator([poolOf(staff)]).authenticate(withToken(token));
  const withToken = (authorization: string) => readCredentials({ authorization }, []);
  const reasonOf = async (refusal: Promise<unknown>) => {
    const error = await refusal.catch((reason: unknown) => reason);
    return ((error as Error).cause as Error | undefined)?.message;
  };

  it('should be told the log by the issuer, when it is a token', async () => {
    expect(await reasonOf(answerTo(await token(guests)))).toBe(
      `The issuer of the token is none of the API's: "${guests.issuer}".`,
    );
    expect(await reasonOf(answerTo(await guests.sign({ iss: 'x'.repeat(1_000) })))).toMatch(/: "x{199}\.$/);
    expect(await reasonOf(answerTo(await guests.sign({})))).toBe("The issuer of the token is none of the API's: null.");
  });

  it('should be told the log by its header, when it is of another kind', async () => {
    expect(await reasonOf(answerTo('meow'))).toBe('The text is no JSON Web Token.');
    expect(await reasonOf(createAuthenticator([apiKeys]).authenticate(withToken('meow')))).toBe(
      'The API takes no authorization of this kind.',
    );
    const keyAlone = createAuthenticator([poolOf(staff)]).authenticate(readCredentials({ 'x-api-key': key }, []));
    expect(await reasonOf(keyAlone)).toBe('The API takes no x-api-key of this kind.');
    expect(await reasonOf(createAuthenticator([apiKeys]).authenticate(readCredentials({}, [])))).toBeUndefined();
  });
});

describe('an API with a user pool and an authorizer that lets nobody in', () => {
  const reasonsFor = async (authorization: string) => {
    const authorizer = createLambdaVerifier({
      apiId: 'boards',
      invoke: async () => ({ kind: 'result', payload: '{"isAuthorized":false}' }),
    });
    const credentials = readCredentials({ authorization }, [], connectRequest('/graphql', 'r1'));
    const error: unknown = await createAuthenticator([poolOf(staff), authorizer])
      .authenticate(credentials)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'UNAUTHORIZED', message: 'You are not authorized to make this call.' });
    const { cause } = error as { cause: Error };
    return [cause.message, (cause.cause as Error | undefined)?.message];
  };

  it('should tell the log of the issuer, when it is a token that no pool takes', async () => {
    expect(await reasonsFor(await token(guests))).toEqual([
      'The authorizer did not let it in.',
      `The issuer of the token is none of the API's: "${guests.issuer}".`,
    ]);
  });

  it('should tell the log of the authorizer alone, when it is something else', async () => {
    expect(await reasonsFor('meow')).toEqual(['The authorizer did not let it in.', undefined]);
  });
});

describe('an API without providers', () => {
  it('should let nobody in', async () => {
    const refusal = createAuthenticator([]).authenticate(readCredentials({ 'x-api-key': key }, []));
    await expect(refusal).rejects.toThrow(unauthorizedTexts.missing);
  });
});
