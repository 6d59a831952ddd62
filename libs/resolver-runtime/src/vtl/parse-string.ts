import type { Origin, Scanner } from './scanner.js';
import type { ExpressionNode, RenderNode } from './tree.js';

/** Parses the inside of an interpolated string. Given by the template parser, which it would otherwise depend on in a circle. */
export type ParseTemplate = (text: string, origin: Origin) => readonly RenderNode[];

/** A quote inside a string is written twice; a backslash is a character like others, as in Velocity. */
const doubleQuoted = /"((?:[^"]|"")*)"/y;
const singleQuoted = /'((?:[^']|'')*)'/y;
const unicodeEscape = /\\u([0-9a-fA-F]{4})/g;

/** The string that begins here. In double quotes references are replaced and `\uXXXX` is a character; in single quotes nothing is. */
export function parseLiteralText(scanner: Scanner, parseTemplate: ParseTemplate): ExpressionNode {
  const start = scanner.position;
  const isDouble = scanner.text[start] === '"';
  const match = scanner.match(isDouble ? doubleQuoted : singleQuoted);
  if (match === null) {
    throw scanner.fail('the string is not closed', 'Close it with the same quote; write a quote inside it twice.');
  }
  const content = match[1] ?? '';
  if (!isDouble) {
    return { kind: 'literal', value: content.replaceAll("''", "'") };
  }
  const text = content
    .replaceAll('""', '"')
    .replace(unicodeEscape, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  if (!/[$#]/.test(text)) {
    return { kind: 'literal', value: text };
  }
  return scanner.nest(() => ({ kind: 'interpolated', body: parseTemplate(text, scanner.originAt(start + 1)) }));
}
