import { stripIgnoredCharacters } from 'graphql';
import { defaultDataDirectory } from './arguments.js';

/** Commands that a user may paste into a shell in the clone, for the instance whose data is in one folder. */
export interface Hints {
  /** Prints credentials, such as a token of a user: `token('jdoe', '--oidc')`. */
  token(...words: readonly string[]): string;
  /** Subscribes with the API key, or as the further words say. */
  subscribe(operation: string, ...words: readonly string[]): string;
}

/** `dataDirectory`: as it was given to `npm start`. */
export function hintsFor(dataDirectory: string): Hints {
  const data = dataDirectory === defaultDataDirectory ? '' : ` --data ${quoteForShell(dataDirectory)}`;
  return {
    token: (...words) => `npm run -s token -- ${words.map(quoteForShell).join(' ')}${data}`,
    subscribe: (operation, ...words) =>
      `npm run -s subscribe -- ${[inOneLine(operation), ...words].map(quoteForShell).join(' ')}${data}`,
  };
}

/** A GraphQL document without what has no meaning: comments, which would swallow the rest of a line, and space. */
export function inOneLine(operation: string): string {
  return stripIgnoredCharacters(operation);
}

/** A word as a POSIX shell reads it back. Plain words stay plain. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
