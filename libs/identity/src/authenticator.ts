import { RequestError } from '#libs/protocol';
import { readBearerToken } from './credentials.js';
import type { Credentials } from './credentials.js';
import type { AuthMode, Identity } from './identity.js';
import { readPresentedToken } from './tokens/json-web-token.js';
import type { JsonWebToken } from './tokens/json-web-token.js';
import { refuse } from './refuse.js';
import type { Verifier } from './verifier.js';

/** Answers who a request is, whatever modes the API has. Shared by the api and the gateway. */
export interface Authenticator {
  /** Throws as {@link Verifier.verify} does. */
  authenticate(credentials: Credentials): Promise<Identity>;
}

/**
 * Which mode is looked at first when credentials could be of several (AppSync reference, section 6): an API key goes before
 * what is in `authorization`; there a signature is known by its scheme, a token by its issuer, and what is left is for the
 * Lambda authoriser.
 */
const detectionOrder: Readonly<Record<AuthMode, number>> = {
  API_KEY: 0,
  AWS_IAM: 1,
  AMAZON_COGNITO_USER_POOLS: 2,
  OPENID_CONNECT: 3,
  AWS_LAMBDA: 4,
};

/**
 * An authenticator over the providers of an API, in any order. The first that claims the credentials decides: a bad API
 * key is refused even when a good token is sent beside it. Without verifiers every request is refused.
 */
export function createAuthenticator(verifiers: readonly Verifier[]): Authenticator {
  const ordered = [...verifiers].sort((a, b) => detectionOrder[a.mode] - detectionOrder[b.mode]);
  const takesTokens = verifiers.some(({ mode }) => mode === 'AMAZON_COGNITO_USER_POOLS' || mode === 'OPENID_CONNECT');
  return {
    async authenticate(credentials) {
      const verifier = ordered.find((candidate) => candidate.claims(credentials));
      if (verifier === undefined) throw refuseUnclaimed(credentials, takesTokens);
      if (verifier.mode !== 'AWS_LAMBDA' || !takesTokens) return verifier.verify(credentials);
      return verifier.verify(credentials).catch((error: unknown) => {
        throw withIssuer(error, credentials);
      });
    },
  };
}

/** Nobody claims the credentials: missing, of a kind the API does not have, unreadable, or a token of another issuer. */
function refuseUnclaimed(credentials: Credentials, takesTokens: boolean): RequestError {
  const token = readBearerToken(credentials);
  if (token === null || !takesTokens) return refuse('missing', unknownKind(credentials));
  const parsed = readPresentedToken(credentials);
  if (parsed === undefined) return refuse('unparsable', new Error('The text is no JSON Web Token.'));
  return refuse('refused', foreignIssuer(parsed));
}

/** The commonest mistake of all is the wrong pool, which its id shows at once. An issuer is no secret; its length is a stranger's choice. */
function foreignIssuer({ claims }: JsonWebToken): Error {
  const issuer = JSON.stringify(claims['iss'] ?? null).slice(0, maxShownIssuer);
  return new Error(`The issuer of the token is none of the API's: ${issuer}.`);
}

/** With an authorizer, which takes whatever is left, a token of another issuer ends there: its refusal alone would not show why. */
function withIssuer(error: unknown, credentials: Credentials): unknown {
  const token = readPresentedToken(credentials);
  if (!(error instanceof RequestError) || error.code !== 'UNAUTHORIZED' || !token) return error;
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  return new RequestError('UNAUTHORIZED', error.message, {
    cause: new Error(reason, { cause: foreignIssuer(token) }),
  });
}

/** Longest part of a foreign issuer that the log shows, in characters. */
const maxShownIssuer = 200;

/** What the log says of something that was sent and that no mode of the API takes; undefined where nothing was. */
function unknownKind({ headers }: Credentials): Error | undefined {
  const sent = ['x-api-key', 'authorization'].filter((name) => headers[name]?.trim());
  return sent.length > 0 ? new Error(`The API takes no ${sent.join(' and no ')} of this kind.`) : undefined;
}
