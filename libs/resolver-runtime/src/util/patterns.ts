import { FieldError } from '#libs/protocol';
import { RE2JS } from 're2js';
import type { Matcher } from 're2js';
import { slotBytes } from '../budget.js';
import type { Budget } from '../budget.js';

/** Longest pattern, in characters: compiling costs memory by its length. */
const maxPatternLength = 1000;

/** Compiled patterns kept. Templates hold a handful each; more come from clients and need no place. */
const maxCachedPatterns = 200;

const cache = new Map<string, RE2JS>();

/**
 * Compiles a pattern of java.util.regex for the linear-time engine. Throws a FieldError for a pattern that is wrong, too long,
 * or uses what no linear engine has (back references, look-around).
 */
export function compilePattern(pattern: string, input: string, budget: Budget): RE2JS {
  if (pattern.length > maxPatternLength) {
    throw new FieldError(`A pattern may have at most ${maxPatternLength} characters.`, 'MappingTemplate');
  }
  let compiled = cache.get(pattern);
  if (compiled === undefined) {
    budget.step(pattern.length * 4);
    compiled = compileNew(pattern);
    if (cache.size >= maxCachedPatterns) {
      cache.clear();
    }
    cache.set(pattern, compiled);
  }
  // At worst every instruction looks at every character: 25 ns, a third of a step.
  budget.step(1 + Math.ceil((input.length * compiled.programSize()) / 4));
  return compiled;
}

function compileNew(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown fault';
    const message = `The pattern '${pattern.slice(0, 100)}' cannot be used: ${reason}.`;
    throw new FieldError(message, 'MappingTemplate', null, null, { cause });
  }
}

/** True when the whole input matches. */
export function matchesWhole(pattern: string, input: string, budget: Budget): boolean {
  return compilePattern(pattern, input, budget).matches(input);
}

/**
 * Replaces the matches, all or the first, as Java does: in the replacement `$1` is a group and `\\x` is x.
 * Each piece is counted before the next is made, since a replacement can repeat the whole input.
 */
export function replaceMatches(
  pattern: string,
  input: string,
  replacement: string,
  isGlobal: boolean,
  budget: Budget,
): string {
  const matcher = compilePattern(pattern, input, budget).matcher(input);
  let result = '';
  let end = 0;
  while (matcher.find()) {
    const piece = input.slice(end, matcher.start()) + expandReplacement(replacement, matcher);
    budget.spend(piece.length);
    chargeSearch(matcher, input, budget);
    result += piece;
    end = matcher.end();
    if (!isGlobal) {
      break;
    }
  }
  return result + input.slice(end);
}

/** Splits as `String.split` of Java: empty pieces at the end are dropped when limit is 0, kept when negative. */
export function splitByPattern(pattern: string, input: string, limit: number, budget: Budget): string[] {
  const matcher = compilePattern(pattern, input, budget).matcher(input);
  const pieces: string[] = [];
  let end = 0;
  while ((limit <= 0 || pieces.length < limit - 1) && matcher.find()) {
    chargeSearch(matcher, input, budget);
    // A match of nothing at the very start gives no empty piece.
    if (matcher.end() > 0) {
      pieces.push(input.slice(end, matcher.start()));
      end = matcher.end();
    }
  }
  budget.spend(input.length + pieces.length * slotBytes);
  if (pieces.length === 0) {
    return [input];
  }
  pieces.push(input.slice(end));
  while (limit === 0 && pieces.at(-1) === '') {
    pieces.pop();
  }
  return pieces;
}

/** Finding the next match may look at all that is left: the sum over many matches is what must stay bounded. */
function chargeSearch(matcher: Matcher, input: string, budget: Budget): void {
  budget.step(1 + Math.floor(((input.length - matcher.end()) * matcher.programSize()) / 512));
}

function expandReplacement(replacement: string, matcher: Matcher): string {
  return replacement.replace(/\\([^])|\$(\d)|([\\$])/g, (_text, escaped?: string, group?: string, lone?: string) => {
    if (escaped !== undefined) {
      return escaped;
    }
    if (lone !== undefined || Number(group) > matcher.groupCount()) {
      const fault =
        lone === undefined ? `there is no group ${group}` : `'${lone}' must be followed by a character or group`;
      throw new FieldError(
        `The replacement '${replacement.slice(0, 100)}' cannot be used: ${fault}.`,
        'MappingTemplate',
      );
    }
    return matcher.group(Number(group)) ?? '';
  });
}
