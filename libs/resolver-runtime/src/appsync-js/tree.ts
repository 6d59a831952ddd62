import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  Pattern,
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

const noChildren: AnyNode[] = [];

/** The nodes right below, in the order of the text. Every check walks the tree with it, so it makes no lists on its way. */
export function childrenOf(node: Node): readonly AnyNode[] {
  if (node.type === 'Identifier' || node.type === 'Literal' || node.type === 'TemplateElement') {
    return noChildren;
  }
  const children: AnyNode[] = [];
  const members = node as unknown as Readonly<Record<string, unknown>>;
  for (const name in members) {
    const member = members[name];
    if (Array.isArray(member)) {
      for (const item of member as unknown[]) {
        if (isNode(item)) {
          children.push(item);
        }
      }
    } else if (isNode(member)) {
      children.push(member);
    }
  }
  return children;
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
export function evaluatedChildren(node: AnyNode): readonly AnyNode[] {
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
