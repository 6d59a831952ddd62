import { RE2JS } from 're2js';

/** Longest pattern, in characters. 1,000: an alternation of some 35 app client ids, and compiling stays instant. */
const maxPatternLength = 1_000;

/** Longest client id that is matched, in characters. 256: Cognito's have up to 128, others use addresses. */
const maxClientIdLength = 256;

/** True for a client id that may call. */
export type ClientTest = (clientId: unknown) => boolean;

/**
 * A pattern of the configuration (`appIdClientRegex`, `clientId`) as a test for client ids. It must match the whole id, as
 * AppSync has it, and runs on a linear-time engine, so that no pattern can hold up the process. Without a pattern every
 * client of the issuer passes. Throws at once on a pattern that does not compile or is longer than 1,000 characters,
 * naming it as `setting`.
 */
export function compileClientPattern(setting: string, pattern: string | undefined): ClientTest {
  if (pattern === undefined) return () => true;
  if (pattern.length > maxPatternLength) {
    throw new Error(`${setting} has ${pattern.length} characters; at most ${maxPatternLength} are allowed.`);
  }
  const compiled = compile(setting, pattern);
  return (clientId) =>
    typeof clientId === 'string' && clientId.length <= maxClientIdLength && compiled.matches(clientId);
}

function compile(setting: string, pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    throw new Error(`${setting} "${pattern}" is no regular expression.`, { cause });
  }
}
