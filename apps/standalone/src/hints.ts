import { stripIgnoredCharacters } from 'graphql';
import { defaultDataDirectory } from './arguments.js';

/** Commands that a user may paste into a shell in the clone, for the instance whose data is in one folder. */
export interface Hints {
  /** Prints a token of the user. */
  token(username: string): string;
  /** Subscribes, as a user or with the API key. */
  subscribe(operation: string, username: string | null): string;
}

/** `dataDirectory`: as it was given to `npm start`. */
export function hintsFor(dataDirectory: string): Hints {
  const data = dataDirectory === defaultDataDirectory ? '' : ` --data ${quoteForShell(dataDirectory)}`;
  return {
    token: (username) => `npm run -s token -- ${quoteForShell(username)}${data}`,
    subscribe: (operation, username) => {
      const as = username === null ? '' : ` --as ${quoteForShell(username)}`;
      return `npm run -s subscribe -- ${quoteForShell(inOneLine(operation))}${as}${data}`;
    },
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
