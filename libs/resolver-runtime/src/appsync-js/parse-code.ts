import { parse } from 'acorn';
import type { Node, Position, Program } from 'acorn';
import { CodeSyntaxError } from './code-syntax-error.js';
import { childrenOf, startOf } from './tree.js';

/** A file of handlers with the name its errors show, e.g. `resolvers/Query.task.js`. */
export interface CodeSource {
  readonly name: string;
  /** JavaScript. TypeScript is stripped of its types by the caller; blanks in their place keep every position. */
  readonly text: string;
}

/** Longest code, in bytes, as in AppSync. */
const maxCodeBytes = 32 * 1024;

/** Levels of nested syntax: no person writes as many, and the walks over the tree recurse. */
const maxNesting = 250;

/** Parses a module. Throws a CodeSyntaxError for text that is none, is too long or nested too deeply. */
export function parseCode({ name, text }: CodeSource): Program {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxCodeBytes) {
    throw refuse(
      name,
      { line: 1, column: 1 },
      `the code has ${bytes} bytes`,
      `It may have ${maxCodeBytes}, as in AppSync.`,
    );
  }
  const program = parseModule(name, text);
  const tooDeep = findNodeAtLevel(program, maxNesting);
  if (tooDeep !== undefined) {
    throw refuse(
      name,
      startOf(tooDeep),
      `the code is nested deeper than ${maxNesting} levels`,
      'Use variables for its parts.',
    );
  }
  return program;
}

function parseModule(name: string, text: string): Program {
  try {
    return parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    const { line, column } = (error as { loc?: Position }).loc ?? { line: 1, column: 0 };
    const message = error.message.replace(/ \(\d+:\d+\)$/, '');
    throw refuse(
      name,
      { line, column: column + 1 },
      message.charAt(0).toLowerCase() + message.slice(1),
      'The code must be a JavaScript module; a file with types must be named .ts.',
    );
  }
}

function refuse(name: string, { line, column }: Position, message: string, hint: string): CodeSyntaxError {
  return new CodeSyntaxError(name, [{ line, column, span: 1, message, hint, errorType: 'PARSER_ERROR' }]);
}

/** The first node at that level. Level by level, since a walk that recurses is what a deep tree must not meet. */
function findNodeAtLevel(program: Program, level: number): Node | undefined {
  let nodes: Node[] = [program];
  for (let depth = 0; depth < level && nodes.length > 0; depth += 1) {
    nodes = nodes.flatMap(childrenOf);
  }
  return nodes[0];
}
