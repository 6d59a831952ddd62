import type { ErrorDefinition, JsonObject, JsonValue } from '#libs/protocol';

/** The body of AppSync's answer to an operation (AppSync reference, section 9). */
export interface Answer {
  readonly data: JsonValue;
  /** Left out when there are none. */
  readonly errors?: readonly object[];
  readonly extensions?: JsonObject;
}

/** Answers an operation without executing it. */
export function answerWith(errors: readonly object[]): Answer {
  return { data: null, errors };
}

/** An error of the registry as the answer to an operation that was not executed. */
export function refusal(definition: ErrorDefinition, message: string): Answer {
  return answerWith([
    { path: null, data: null, errorType: definition.errorType, errorInfo: null, locations: null, message },
  ]);
}
