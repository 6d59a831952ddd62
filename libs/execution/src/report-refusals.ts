import type { Authenticator } from '#libs/identity';
import { RequestError } from '#libs/protocol';

/** Why credentials were not good, for the operator: clients are told less, so that nobody finds a way in by trying. */
export interface Refusal {
  /** Of the registry of errors. */
  readonly code: string;
  /** What the client is told. */
  readonly message: string;
  /** What is behind it, the nearest cause first. Holds no credential. */
  readonly reasons: readonly string[];
  /** Null where there was no request to name. */
  readonly requestId: string | null;
}

/** More would be a cause that causes itself. */
const maxReasons = 5;

/** The same authenticator; whoever wants to know is told of what it refuses. */
export function reportRefusals(authenticator: Authenticator, onRefusal: (refusal: Refusal) => void): Authenticator {
  return {
    async authenticate(credentials) {
      try {
        return await authenticator.authenticate(credentials);
      } catch (error) {
        if (error instanceof RequestError) {
          const { code, message } = error;
          onRefusal({ code, message, reasons: reasonsOf(error), requestId: credentials.request?.requestId ?? null });
        }
        throw error;
      }
    },
  };
}

function reasonsOf(error: Error): readonly string[] {
  const reasons: string[] = [];
  for (let { cause } = error; cause instanceof Error && reasons.length < maxReasons; cause = cause.cause) {
    reasons.push(cause.message || cause.name);
  }
  return reasons;
}
