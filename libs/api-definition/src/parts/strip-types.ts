import * as nodeModule from 'node:module';
import type { FolderFile } from '../definition-folder.js';
import type { FaultList } from '../fault.js';

/**
 * TypeScript without its types, every character at its place, so that faults name lines and columns of the file itself.
 * Undefined for what is no TypeScript, or has parts that are more than types (`enum`, `namespace`); the fault says why.
 */
export function stripTypes({ name, text }: FolderFile, faults: FaultList): FolderFile | undefined {
  // Not imported by name: the import itself would fail where Node does not have it.
  const { stripTypeScriptTypes } = nodeModule as Partial<typeof nodeModule>;
  if (!stripTypeScriptTypes) {
    const position = { file: name, line: 1, column: 1 };
    faults.add(position, `TypeScript needs Node 22.13 or later, and this is ${process.version}`, 'Write JavaScript');
    return undefined;
  }
  try {
    return { name, text: stripTypeScriptTypes(text, { mode: 'strip' }) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    faults.add({ file: name, ...placeIn(text, error.stack ?? '') }, ...wordsFor(error));
    return undefined;
  }
}

/** Node tells the place at the head of the stack only: `:line`, the line itself, and carets below what is meant. */
function placeIn(text: string, stack: string): { line: number; column: number } {
  const [head = '', ...frame] = stack.split('\n');
  const line = Number(/:(\d+)$/.exec(head)?.[1] ?? 1);
  const carets = frame.find((one) => /^\s*\^+\s*$/.test(one)) ?? '^';
  // The line is shown with four spaces for each tab.
  let shown = 0;
  let column = 1;
  for (const character of text.split('\n')[line - 1] ?? '') {
    if (shown >= carets.indexOf('^')) break;
    shown += character === '\t' ? 4 : character.length;
    column += character.length;
  }
  return { line, column };
}

function wordsFor({ message, ...error }: SyntaxError & { code?: string }): [message: string, hint: string] {
  return error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'
    ? [message.replace(' in strip-only mode', ''), 'Only types can be left out of the code']
    : [message, ''];
}
