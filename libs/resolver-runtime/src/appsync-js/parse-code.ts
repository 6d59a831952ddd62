import { parse } from 'acorn';
import type { AnyNode, Node, Position, Program } from 'acorn';
import { checkSyntax } from './check-syntax.js';
import { CodeSyntaxError } from './code-syntax-error.js';
import { FaultList } from './fault-list.js';
import { Lines } from './lines.js';
import { childrenOf, isFunctionNode } from './tree.js';

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

/** A file as the parser sees it. */
export interface ParsedCode {
  readonly program: Program;
  readonly lines: Lines;
  /** Levels of syntax in each function and in the file, without those of functions in it. */
  readonly levels: ReadonlyMap<Node, number>;
  /** Constructs that AppSync refuses; what else is wrong can be added. */
  readonly faults: FaultList;
}

/** Parses a module. Throws a CodeSyntaxError for text that is none, is too long or nested too deeply. */
export function parseCode({ name, text }: CodeSource): ParsedCode {
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
  const lines = new Lines(text);
  const faults = new FaultList(lines);
  const { levels, tooDeep } = walk(program, faults);
  if (tooDeep !== undefined) {
    throw refuse(
      name,
      lines.startOf(tooDeep),
      `the code is nested deeper than ${maxNesting} levels`,
      'Use variables for its parts.',
    );
  }
  return { program, lines, levels, faults };
}

function parseModule(name: string, text: string): Program {
  try {
    return parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
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

/**
 * Walks the tree, but not below the deepest level there may be: the walks that follow recurse as well. Syntax is checked on the way,
 * as a walk of its own would be a tenth of the time of compiling.
 */
function walk(program: Program, faults: FaultList): { levels: ReadonlyMap<Node, number>; tooDeep: Node | undefined } {
  const levels = new Map<Node, number>();
  let tooDeep: Node | undefined;

  function measure(node: AnyNode, depth: number): number {
    if (depth > maxNesting) {
      tooDeep ??= node;
      return 1;
    }
    checkSyntax(node, faults);
    let below = 0;
    for (const child of childrenOf(node)) {
      const levelsOfChild = measure(child, depth + 1);
      below = Math.max(below, isFunctionNode(child) ? 1 : levelsOfChild);
    }
    if (isFunctionNode(node) || node.type === 'Program') {
      levels.set(node, 1 + below);
    }
    return 1 + below;
  }

  measure(program, 1);
  return { levels, tooDeep };
}
