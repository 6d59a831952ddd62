import type { Expression, MemberExpression, Node, Super } from 'acorn';
import type { Builtin } from './builtins/builtin.js';
import { globals } from './builtins/index.js';
import type { Names } from './scope.js';

/** What a path of names leads to: something of the language, a name that is not there, or a value of the handler. */
export type BuiltinPath =
  | { readonly kind: 'builtin'; readonly builtin: Builtin; readonly path: string }
  | { readonly kind: 'missing'; readonly path: string };

/** Follows paths of names like `util.time.nowISO8601`, also through imports and constants that stand for a part of them. */
export class BuiltinPaths {
  /** Values of constants that are being followed: two may stand for each other. */
  private readonly followed = new Set<Node>();

  constructor(private readonly names: Names) {}

  /** Follows names of the language: globals, imports, constants that stand for them, and their members. */
  find(node: Expression | Super): BuiltinPath | undefined {
    if (node.type === 'ChainExpression') {
      return this.find(node.expression);
    }
    if (node.type === 'Identifier') {
      return this.findName(node);
    }
    if (node.type !== 'MemberExpression') {
      return undefined;
    }
    const base = this.find(node.object);
    if (base?.kind !== 'builtin') {
      return base;
    }
    const name = propertyName(node);
    const path = `${base.path}.${name ?? '[…]'}`;
    const members = base.builtin.kind === 'namespace' ? base.builtin.members : undefined;
    const builtin = name === undefined ? undefined : members?.get(name);
    return builtin === undefined ? { kind: 'missing', path } : { kind: 'builtin', builtin, path };
  }

  private findName(node: Expression & { type: 'Identifier' }): BuiltinPath | undefined {
    const binding = this.names.references.get(node);
    if (binding === undefined) {
      const builtin = globals.get(node.name);
      return builtin && { kind: 'builtin', builtin, path: node.name };
    }
    if (binding.kind === 'import') {
      return binding.imported && { kind: 'builtin', builtin: binding.imported, path: node.name };
    }
    const { init } = binding;
    if (init === undefined || this.followed.has(init)) {
      return undefined;
    }
    this.followed.add(init);
    const found = this.find(init);
    this.followed.delete(init);
    return found;
  }
}

/** The name of the property, when the text says it. */
export function propertyName({ property, computed }: MemberExpression): string | undefined {
  if (!computed) {
    return property.type === 'Identifier' ? property.name : undefined;
  }
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}
