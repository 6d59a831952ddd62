import { Strategy } from 'passport-jwt';
import { cognitoAlgorithm, readBearerToken } from '#libs/identity';
import type { CognitoVerifier, Credentials } from '#libs/identity';
import type { JsonObject } from '#libs/protocol';

/** What the guard hands to Passport in a request's place: Passport only passes it on to the functions below. */
export interface BearerRequest {
  readonly credentials: Credentials;
  /** The user pool that the token claims to be of. */
  readonly pool: CognitoVerifier;
}

/**
 * Passport's JWT strategy for tokens of user pools: Passport checks the signature with the pool's key; which key that is and
 * whether the claims are good is decided by the verifier that the gateway uses too. Ends with an Identity or a RequestError.
 */
export function createBearerStrategy(): Strategy {
  return new Strategy(
    {
      jwtFromRequest: (request) => readBearerToken(asBearer(request).credentials),
      secretOrKeyProvider: (request, token: string, done) => {
        asBearer(request)
          .pool.keyFor(token)
          .then(
            (key) => done(null, key as never),
            (error: unknown) => done(error as Error),
          );
      },
      algorithms: [cognitoAlgorithm],
      jsonWebTokenOptions: { ignoreNotBefore: true },
      // Time is checked with the other claims, with one leeway and AppSync's texts.
      ignoreExpiration: true,
      passReqToCallback: true,
    },
    (request: unknown, claims: JsonObject, done: (error: unknown, identity?: unknown) => void) => {
      const { pool, credentials } = asBearer(request);
      try {
        done(null, pool.identityFromClaims(claims, credentials.sourceIp));
      } catch (error) {
        done(error);
      }
    },
  );
}

/** Passport is typed for Express's requests. */
function asBearer(request: unknown): BearerRequest {
  return request as BearerRequest;
}
