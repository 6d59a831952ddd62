/** Spaces, parentheses and comments before a statement's first word. */
const preamble = /^(?:[\s(;]|--[^\n]*|#[^\n]*|\/\*(?!!)[^]*?\*\/)*/;

/** First words of statements that outlast themselves: settings, transactions, locks, names. */
const altering =
  /^(?:\/\*!|(?:set|reset|begin|start|savepoint|xa|lock|use|prepare|execute|declare|listen|load|handler|create\s+(?:global\s+|local\s+)?temp(?:orary)?)\b)/i;

/**
 * True for a statement that may leave its connection other than it found it. Requests share connections, so one that ran
 * such a statement is not used again.
 */
export function altersSession(sql: string): boolean {
  return altering.test(sql.slice(preamble.exec(sql)?.[0].length ?? 0));
}
