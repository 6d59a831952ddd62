import type { Expression } from './expression.js';
import type { Item } from './typed-value.js';

/** A projection that has the key in it, so that an item can be told from the others of its batch. */
export interface KeyProjection {
  readonly expression: string;
  readonly names: Record<string, string> | undefined;
  /** The item without the attributes that only the key brought in. */
  cut(item: Item): Item;
}

/**
 * Adds the attributes of a key to a projection that lacks them. BatchGetItem answers items without order and without
 * saying for which key; AppSync's result is in the order of the keys.
 */
export function projectKey(projection: Expression, keyNames: readonly string[]): KeyProjection {
  const paths = projection.expression.split(',').map((path) => path.trim());
  const projected = new Set(paths.map((path) => projection.names[path] ?? path));
  const added = keyNames.filter((name) => !projected.has(name));
  const names = { ...projection.names };
  const placeholders = added.map((name, index) => {
    // Longer than any placeholder of the document, so it can't be one of them.
    const placeholder = `#${'_'.repeat(longestName(projection.names))}key${index}`;
    names[placeholder] = name;
    return placeholder;
  });
  return {
    expression: [projection.expression, ...placeholders].join(', '),
    // DynamoDB refuses empty ones.
    names: Object.keys(names).length === 0 ? undefined : names,
    cut: (item) => Object.fromEntries(Object.entries(item).filter(([name]) => !added.includes(name))),
  };
}

function longestName(names: Readonly<Record<string, string>>): number {
  return Math.max(0, ...Object.keys(names).map((name) => name.length));
}
