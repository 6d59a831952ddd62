import { Lexer, Source, TokenKind } from 'graphql';
import type { ApiLimits } from '#libs/api-definition';
import { assertWithin } from './document-limit.js';

const opening: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Refuses a text that passes a limit before it is parsed, at the first token that is too much: the parser recurses, and costs several
 * times what a look at the tokens does. Throws a RequestError with the limit, or graphql-js's own error where the text
 * has something that is no token. `assertSelections` counts what only the parsed document shows.
 */
export function screenDocument(text: string, limits: ApiLimits): void {
  assertWithin('maxTokens', countUpTo(text, '#', limits.maxTokens + 1), limits);
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let depth = 0;
  let parentheses = 0;
  let aliases = 0;
  let directives = 0;
  let fragments = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    assertWithin('maxTokens', ++tokens, limits);
    if (opening.has(token.kind)) assertWithin('maxDepth', ++depth, limits);
    else if (closing.has(token.kind)) depth -= 1;
    if (token.kind === TokenKind.PAREN_L) parentheses += 1;
    else if (token.kind === TokenKind.PAREN_R) parentheses -= 1;
    else if (token.kind === TokenKind.AT) assertWithin('maxDirectives', ++directives, limits);
    // In parentheses a colon belongs to an argument or a variable.
    else if (token.kind === TokenKind.COLON && parentheses === 0) assertWithin('maxAliases', ++aliases, limits);
    else if (depth === 0 && token.value === 'fragment') assertWithin('maxFragments', ++fragments, limits);
  }
}

/**
 * How often a character stands in a text, counted no further than to a maximum. The lexer passes over comments in one step, however
 * many there are, so what could begin one is counted before.
 */
function countUpTo(text: string, character: string, maximum: number): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0 && count < maximum; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}
