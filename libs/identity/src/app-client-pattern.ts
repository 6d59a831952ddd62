import { RE2JS } from 're2js';

/** Longest pattern, in characters. 1,000: an alternation of some 35 app client ids, and compiling stays instant. */
const maxPatternLength = 1_000;

/** Longest app client id that is matched, in characters. 128: the longest that Cognito gives out. */
const maxClientIdLength = 128;

/**
 * `appIdClientRegex` as a test for app client ids. It must match the whole id, as AppSync has it, and runs on a
 * linear-time engine, so that no pattern can hold up the process. Without a pattern every app client of the pool passes.
 * Throws at once on a pattern that does not compile or is longer than 1,000 characters.
 */
export function compileAppClientPattern(pattern: string | undefined): (clientId: unknown) => boolean {
  if (pattern === undefined) return () => true;
  if (pattern.length > maxPatternLength) {
    throw new Error(`appIdClientRegex has ${pattern.length} characters; at most ${maxPatternLength} are allowed.`);
  }
  const compiled = compile(pattern);
  return (clientId) =>
    typeof clientId === 'string' && clientId.length <= maxClientIdLength && compiled.matches(clientId);
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    throw new Error(`appIdClientRegex "${pattern}" is no regular expression.`, { cause });
  }
}
