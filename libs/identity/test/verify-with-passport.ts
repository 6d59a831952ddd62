import { Strategy } from 'passport-jwt';
import { cognitoAlgorithm, readBearerToken } from '#libs/identity';
import type { CognitoVerifier, Credentials, Identity } from '#libs/identity';
import type { JsonObject } from '#libs/protocol';

/**
 * The other way to verify: passport-jwt checks the signature, as the api's guard lets it, and the verifier the rest.
 * Rejects with whatever the strategy failed with.
 */
export function verifyWithPassport(verifier: CognitoVerifier, credentials: Credentials): Promise<Identity> {
  const strategy = new Strategy(
    {
      jwtFromRequest: () => readBearerToken(credentials),
      secretOrKeyProvider: (_request, token: string, done) => {
        verifier
          .keyFor(token)
          .then((key) => done(null, key.export({ type: 'spki', format: 'pem' })))
          .catch((error: unknown) => done(error));
      },
      algorithms: [cognitoAlgorithm],
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true },
    },
    (claims: JsonObject, done) => done(null, verifier.identityFromClaims(claims, credentials.sourceIp)),
  );
  return new Promise((resolve, reject) => {
    const run = Object.assign(Object.create(strategy) as Strategy, {
      success: resolve,
      fail: reject,
      error: reject,
    });
    run.authenticate({} as never);
  });
}
