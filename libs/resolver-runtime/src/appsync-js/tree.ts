import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  Pattern,
  Position,
} from 'acorn';

export type FunctionNode =
  AnonymousFunctionDeclaration | ArrowFunctionExpression | FunctionDeclaration | FunctionExpression;

export function isFunctionNode(node: Node): node is FunctionNode {
  return (
    node.type === 'ArrowFunctionExpression' || node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression'
  );
}

/** A function where a value is expected. */
export function isFunctionValue(node: Node): node is ArrowFunctionExpression | FunctionExpression {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}

/** The nodes right below, in the order of the text. */
export function childrenOf(node: Node): AnyNode[] {
  const children: AnyNode[] = [];
  for (const member of Object.values(node) as unknown[]) {
    if (Array.isArray(member)) {
      children.push(...member.filter(isNode));
    } else if (isNode(member)) {
      children.push(member);
    }
  }
  return children;
}

/** Where the node begins: line and column from 1. */
export function startOf(node: Node): Position {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { line, column: column + 1 };
}

/** The identifiers that a pattern gives values to. */
export function namesIn(pattern: Pattern | null): (Pattern & { type: 'Identifier' })[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    default:
      return [];
  }
}

/**
 * The nodes right below that are evaluated: not the names of properties, labels, imports and exports. Nothing of a class:
 * it is refused as a whole.
 */
export function evaluatedChildren(node: AnyNode): AnyNode[] {
  switch (node.type) {
    case 'MemberExpression':
      return node.computed ? [node.object, node.property] : [node.object];
    case 'Property':
      return node.computed ? [node.key, node.value] : [node.value];
    case 'LabeledStatement':
      return [node.body];
    case 'ExportNamedDeclaration':
      return node.declaration ? [node.declaration] : [];
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return [];
    default:
      return childrenOf(node);
  }
}
