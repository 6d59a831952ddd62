import { Strategy } from 'passport-jwt';
import type { FastifyRequest } from 'fastify';
import { cognitoAlgorithm, readBearerToken } from '#libs/identity';
import type { CognitoVerifier } from '#libs/identity';
import { RequestError, unauthorizedTexts } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { credentialsOf } from './credentials-of.js';

/**
 * Passport's JWT strategy over the API's user pools: Passport checks the signature with the pool's key; which key that is and
 * whether the claims are good is decided by the verifier that the gateway uses too. Ends with an Identity or a RequestError.
 */
export function createBearerStrategy(userPools: readonly CognitoVerifier[]): Strategy {
  const poolOf = (request: FastifyRequest): CognitoVerifier => {
    const pool = userPools.find((candidate) => candidate.claims(credentialsOf(request)));
    if (!pool) throw new RequestError('UNAUTHORIZED', unauthorizedTexts.refused);
    return pool;
  };
  return new Strategy(
    {
      jwtFromRequest: (request) => readBearerToken(credentialsOf(asFastify(request))),
      secretOrKeyProvider: (request, token: string, done) => {
        Promise.resolve()
          .then(() => poolOf(asFastify(request)).keyFor(token))
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
      const fastifyRequest = asFastify(request);
      try {
        done(null, poolOf(fastifyRequest).identityFromClaims(claims, credentialsOf(fastifyRequest).sourceIp));
      } catch (error) {
        done(error);
      }
    },
  );
}

/** Passport is typed for Express and reads headers only, which Fastify's requests have as well. */
function asFastify(request: unknown): FastifyRequest {
  return request as FastifyRequest;
}
