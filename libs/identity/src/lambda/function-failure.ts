import { isJsonObject } from '#libs/protocol';

/**
 * Lambda's own names for functions that did not come to an answer: killed, out of time, not to be loaded. `Function.` is not among
 * them, with it Lambda says that there was an answer and what was wrong with it.
 */
const unansweredNamespaces = ['Sandbox.', 'Runtime.', 'Extension.'];

/** How an exception's name may look so that it is told: it comes from a function that was sent a token. */
const errorName = /^[\w$.]{1,100}$/;

/** What became of a function that answered with a failure. */
export interface FunctionFailure {
  /** Name of the exception, where it has a usable one. */
  readonly errorType: string | null;
  /** True for an exception, which stands for a refusal (AppSync reference, section 6); false when the function was cut off. */
  readonly isException: boolean;
}

/** Reads `{errorType, errorMessage}`. The message is left alone: functions quote in it what they were sent. */
export function readFunctionFailure(payload: string): FunctionFailure {
  const name = readErrorType(payload);
  const errorType = typeof name === 'string' && errorName.test(name) ? name : null;
  const isException = !unansweredNamespaces.some((namespace) => errorType?.startsWith(namespace));
  return { errorType, isException };
}

function readErrorType(payload: string): unknown {
  try {
    const failure: unknown = JSON.parse(payload);
    return isJsonObject(failure) ? failure['errorType'] : undefined;
  } catch {
    // A failure without a readable name is still one.
    return undefined;
  }
}
