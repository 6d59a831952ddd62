import { RE2JS } from 're2js';

/** Longest pattern, in characters. Patterns of the definition are at most this long everywhere; compiling one stays instant. */
const maxPatternLength = 1_000;

/**
 * `identityValidationExpression` as a test for tokens, before the function is asked. It must match the whole token and runs
 * on a linear-time engine. Without an expression every token passes. Throws at once on one that does not compile or is longer than
 * 1,000 characters.
 */
export function compileTokenPattern(expression: string | undefined): (token: string) => boolean {
  if (expression === undefined) return () => true;
  if (expression.length > maxPatternLength) {
    throw new Error(
      `identityValidationExpression has ${expression.length} characters; at most ${maxPatternLength} are allowed.`,
    );
  }
  const compiled = compile(expression);
  return (token) => compiled.matches(token);
}

function compile(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression);
  } catch (cause) {
    throw new Error(`identityValidationExpression "${expression}" is no regular expression.`, { cause });
  }
}
