/** A statement in pieces: SQL as it stands, and the names of its parameters. */
export type SqlPiece = { readonly text: string } | { readonly parameter: string };

/** What a piece of SQL begins with decides how far it goes. The first expression that matches is the one. */
export interface SqlDialect {
  readonly name: string;
  /** Pieces in which a colon means nothing, each with the sticky flag. */
  readonly opaque: readonly RegExp[];
  /** Comments may stand inside comments. */
  readonly nestsComments: boolean;
}

const letters = 'A-Za-z_\\u0080-\\uffff';
const parameter = /:([A-Za-z_]\w*)/y;

/** PostgreSQL: dollar quotes, `E''` strings, nested comments, casts with `::`. */
export const postgresDialect: SqlDialect = Object.freeze({
  name: 'PostgreSQL',
  opaque: [
    // Before names: the E belongs to the string. In date'2026-01-01' it is the end of a name, which is read whole.
    /[eE]'[^'\\]*(?:\\[^][^'\\]*)*'?/y,
    new RegExp(`[${letters}][${letters}\\d$]*`, 'y'),
    /'[^']*'?/y,
    /"[^"]*"?/y,
    new RegExp(`\\$([${letters}][${letters}\\d]*)?\\$[^]*?(?:\\$\\1\\$|$)`, 'y'),
    /--[^\n\r]*/y,
    /::/y,
  ],
  nestsComments: true,
});

/** MySQL and MariaDB: backslashes in both kinds of quotes, backticks, `#` comments. */
export const mySqlDialect: SqlDialect = Object.freeze({
  name: 'MySQL',
  opaque: [
    new RegExp(`[${letters}$@][${letters}\\d$@]*`, 'y'),
    /'[^'\\]*(?:\\[^][^'\\]*)*'?/y,
    /"[^"\\]*(?:\\[^][^"\\]*)*"?/y,
    /`[^`]*`?/y,
    /--(?=\s|$)[^\n]*/y,
    /#[^\n]*/y,
  ],
  nestsComments: false,
});

/**
 * Finds the parameters of a statement. A colon in a string, a quoted name or a comment is none, nor is a cast. What is left
 * open, a string or a comment, goes to the end: the database says what is wrong with it.
 *
 * Takes time in proportion to the length of the statement.
 */
export function splitSql(sql: string, dialect: SqlDialect): readonly SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let textStart = 0;
  let position = 0;
  while (position < sql.length) {
    const end = endOfOpaque(sql, position, dialect);
    if (end !== undefined) {
      position = end;
      continue;
    }
    const name = matchAt(parameter, sql, position)?.[1];
    if (name === undefined) {
      position += 1;
      continue;
    }
    if (position > textStart) pieces.push({ text: sql.slice(textStart, position) });
    pieces.push({ parameter: name });
    position += name.length + 1;
    textStart = position;
  }
  if (textStart < sql.length) pieces.push({ text: sql.slice(textStart) });
  return pieces;
}

/** The names of a statement's parameters, each once. */
export function parametersOf(sql: string, dialect: SqlDialect): ReadonlySet<string> {
  return new Set(splitSql(sql, dialect).flatMap((piece) => ('parameter' in piece ? [piece.parameter] : [])));
}

function endOfOpaque(sql: string, position: number, { opaque, nestsComments }: SqlDialect): number | undefined {
  if (sql.startsWith('/*', position)) return endOfComment(sql, position, nestsComments);
  for (const expression of opaque) {
    const match = matchAt(expression, sql, position);
    if (match) return position + match[0].length;
  }
  return undefined;
}

function matchAt(expression: RegExp, sql: string, position: number): RegExpExecArray | null {
  expression.lastIndex = position;
  return expression.exec(sql);
}

const commentBound = /\/\*|\*\//g;

function endOfComment(sql: string, start: number, nests: boolean): number {
  let depth = 1;
  commentBound.lastIndex = start + 2;
  for (;;) {
    const match = commentBound.exec(sql);
    if (match === null) return sql.length;
    if (match[0] === '*/') depth -= 1;
    else if (nests) depth += 1;
    if (depth === 0) return commentBound.lastIndex;
  }
}
