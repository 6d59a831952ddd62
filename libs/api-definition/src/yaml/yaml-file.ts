import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Node, Pair, Scalar, YAMLParseError } from 'yaml';
import type { FaultList, Position } from '../fault.js';
import { listOf } from '../suggest.js';
import { substituteVariables } from './substitute-variables.js';
import type { Variables } from './substitute-variables.js';

/** Where a value stands: keys and list indexes from the top. */
export type Path = readonly (string | number)[];

/** A YAML file whose values know where they were written. */
export interface YamlFile {
  /** Its data, variables filled in. */
  readonly data: unknown;
  /** Where a value begins; for a value that is not there, its nearest ancestor. */
  positionOf(path: Path): Position;
  /** Where a key begins; for a key that is not there, as `positionOf`. */
  positionOfKey(path: Path): Position;
  /** True for a value that a missing variable left open: it has its fault, and checks of its text would only add noise. */
  isOpen(path: Path): boolean;
}

export interface YamlOptions {
  readonly variables: Variables;
  /** Gives a value for a variable that has neither a value nor a default. */
  readonly standIn?: ((name: string) => string) | undefined;
  /** True where nobody looks at `local`: variables that it alone asks for may be missing. Default false. */
  readonly ignoresLocal?: boolean | undefined;
}

/**
 * Parses YAML 1.2 and fills in `${NAME}` in its texts. Filling in happens after parsing, so what a variable holds stays one text,
 * whatever characters it has. Returns undefined when the text is no YAML; the faults say why.
 */
export function parseYamlFile(
  file: { readonly name: string; readonly text: string },
  { variables, standIn, ignoresLocal = false }: YamlOptions,
  faults: FaultList,
): YamlFile | undefined {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file: file.name, line: Math.max(1, line), column: Math.max(1, col) };
  };

  for (const problem of [...withoutAftermath(document.errors), ...document.warnings]) {
    const position = at(problem.pos[0]);
    faults.add(position, `Not valid YAML: ${problem.message}`, yamlHint(file.text, position.line));
  }
  if (document.errors.length > 0) return undefined;

  const open = new Set<Node>();
  const ignored = ignoresLocal ? valuesOfLocal(document.contents) : new Set<Node>();
  const missing = new Map<string, Position[]>();
  forEachValue(document.contents, (node) => {
    if (typeof node.value !== 'string') return;
    const filled = substituteVariables(node.value, variables, ignored.has(node) ? (name) => `unset-${name}` : standIn);
    for (const name of filled.missing) {
      const asked = missing.get(name) ?? [];
      missing.set(name, [...asked, at(node.range?.[0] ?? 0)]);
      open.add(node);
    }
    // A value that was made up says nothing of the one that it stands for.
    if (filled.hasStandIn) open.add(node);
    node.value = filled.text;
  });

  for (const [name, [first, ...others]] of missing) {
    const lines = [...new Set(others.map(({ line }) => String(line)))].filter((line) => line !== String(first!.line));
    const also =
      lines.length > 0
        ? `, which ${lines.length === 1 ? 'line' : 'lines'} ${listOf(lines, 'and')} ${lines.length === 1 ? 'asks' : 'ask'} for as well`
        : '';
    faults.add(first!, `The variable ${name} is not set${also}`, `Set it, or give a default: \${${name}:-…}`);
  }

  let data: unknown;
  try {
    data = document.toJS();
  } catch (error) {
    // The parser's guard against aliases that unfold without end.
    faults.add(at(0), `Not valid YAML: ${(error as Error).message}`);
    return undefined;
  }

  const root = document.contents;
  return {
    data,
    positionOf: (path) => at(startOf(findNode(root, path).node)),
    positionOfKey: (path) => {
      const pair = findPair(findNode(root, path.slice(0, -1)), path);
      return pair && isNode(pair.key) ? at(startOf(pair.key)) : at(startOf(findNode(root, path).node));
    },
    isOpen: (path) => {
      const { node, isExact } = findNode(root, path);
      return isExact && node !== null && open.has(node);
    },
  };
}

/** The scalars of `local`, except what an alias could carry elsewhere: a made-up value must not become a key of the API. */
function valuesOfLocal(root: Node | null): ReadonlySet<Node> {
  const values = new Set<Node>();
  const local = isMap(root) ? root.get('local', true) : undefined;
  if (!isNode(local) || hasAnchor(local)) return values;
  forEachValue(local, (scalar) => values.add(scalar));
  return values;
}

function hasAnchor(node: Node): boolean {
  let isFound = false;
  visit(node, {
    Node: (_key, one) => {
      isFound ||= 'anchor' in one && one.anchor !== undefined;
    },
  });
  return isFound;
}

/** Every scalar that is no key, in the order of the text. What an alias stands for is met where it is written. */
function forEachValue(node: unknown, use: (scalar: Scalar) => void): void {
  if (isScalar(node)) use(node);
  else if (isMap(node)) for (const { value } of node.items) forEachValue(value, use);
  else if (isSeq(node)) for (const item of node.items) forEachValue(item, use);
}

/** After a syntax error the parser is out of step, and complains of every token that follows: only its first counts. */
function withoutAftermath(errors: readonly YAMLParseError[]): readonly YAMLParseError[] {
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  return errors.filter((error) => error === first || error.code === 'DUPLICATE_KEY');
}

/** The commonest slip: inside `{ }` and `[ ]` a brace ends an unquoted text. */
function yamlHint(text: string, line: number): string {
  const source = text.split('\n')[line - 1] ?? '';
  return /[[{,:]\s*\$\{/.test(source) ? 'Inside { } and [ ] put variables in quotes: "${NAME}"' : '';
}

interface Found {
  readonly node: Node | null;
  /** False when the path leads nowhere and this is the nearest ancestor. */
  readonly isExact: boolean;
}

function findNode(root: Node | null, path: Path): Found {
  let node = root;
  for (const [depth, step] of path.entries()) {
    const next = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
    if (!isNode(next)) return { node, isExact: depth === path.length };
    node = next;
  }
  return { node, isExact: true };
}

function findPair(parent: Found, path: Path): Pair | undefined {
  if (!parent.isExact || !isMap(parent.node)) return undefined;
  return parent.node.items.find((pair) => isNode(pair.key) && pair.key.toJSON() === path.at(-1));
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
