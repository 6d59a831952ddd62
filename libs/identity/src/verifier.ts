import type { Credentials } from './credentials.js';
import type { AuthMode, Identity } from './identity.js';

/** One way to prove who a request is: one provider of the API definition. */
export interface Verifier {
  readonly mode: AuthMode;

  /**
   * True when the credentials are of this verifier's kind, whether they are good or not. Cheap, and trusts nothing: it
   * chooses which verifier is asked.
   */
  claims(credentials: Credentials): boolean;

  /**
   * The identity behind the credentials.
   *
   * Throws `RequestError('UNAUTHORIZED')` with one of AppSync's texts when they are missing or refused, and
   * `RequestError('INTERNAL_FAILURE')`, which clients retry, when the provider cannot be asked. No error holds a
   * credential, neither in its text nor in its cause.
   */
  verify(credentials: Credentials): Promise<Identity>;
}
