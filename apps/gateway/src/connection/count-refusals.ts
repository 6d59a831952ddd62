import type { Authenticator } from '#libs/identity';
import type { Metrics } from '#libs/observability';
import { RequestError } from '#libs/protocol';

/** The same authenticator, with what it refuses counted by the error's code. */
export function countRefusals(authenticator: Authenticator, { authRefusals }: Metrics): Authenticator {
  return {
    async authenticate(credentials) {
      try {
        return await authenticator.authenticate(credentials);
      } catch (error) {
        if (error instanceof RequestError) authRefusals.inc({ code: error.code });
        throw error;
      }
    },
  };
}
