import type { ResponsePath } from 'graphql';

/** A response path as the list that errors carry. */
export function pathToList(path: ResponsePath | undefined): (string | number)[] {
  const list: (string | number)[] = [];
  for (let at = path; at; at = at.prev) list.push(at.key);
  return list.reverse();
}

/** A response path as one string, for maps. */
export function pathKey(path: readonly (string | number)[]): string {
  return path.join('.');
}

/** A response path as AppSync writes it in messages: `/allTasks/items[0]/id`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `/${key}`)).join('');
}
