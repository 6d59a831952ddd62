// Reads helm/starling/values.yaml with its comments, which are the source of the chart's documentation and schema.
import { isMap, parseDocument } from 'yaml';

/** What a comment may say about a value beyond its text. */
const flags = ['kubernetes', 'map', 'json'];
const annotations = ['type', 'enum', 'min', 'max', 'items', ...flags];

/**
 * The values as a tree: `{ path, name, text, facts, value, children }`. `value` is the default, `children` those of a group and
 * undefined for a value. A value without a comment, or with an annotation that is not known, is an error: documentation has no holes.
 */
export function readValues(source) {
  const document = parseDocument(source);
  if (document.errors.length > 0) throw document.errors[0];
  // The comment in front of the first key belongs to it only behind an empty line; the rest is about the file.
  return readMap(document.contents, []);
}

function readMap(map, above) {
  return map.items.map((pair) => {
    const name = pair.key.value;
    const path = [...above, name];
    const { text, facts } = readComment(commentOf(pair, map), path);
    const isGroup = isMap(pair.value) && pair.value.items.length > 0 && !flags.some((flag) => facts[flag]);
    return {
      path,
      name,
      text,
      facts,
      value: pair.value === null ? null : (pair.value?.toJSON() ?? null),
      ...(isGroup ? { children: readMap(pair.value, path) } : {}),
    };
  });
}

/** yaml gives the comment above the first key of a map to the map. */
function commentOf(pair, map) {
  const own = pair.key.commentBefore;
  const isFirst = map.items[0] === pair;
  return (own ?? (isFirst ? map.commentBefore : undefined) ?? '').split(/\n\s*\n/).at(-1);
}

function readComment(comment, path) {
  const lines = comment.split('\n').map((line) => line.trim());
  const facts = {};
  for (const line of lines.filter((one) => one.startsWith('@'))) {
    const [, key, rest] = /^@(\w+)\s*(.*)$/.exec(line) ?? [];
    if (!annotations.includes(key))
      throw new Error(`values.yaml: ${path.join('.')} has an annotation that is not known: ${line}`);
    facts[key] = flags.includes(key) ? true : rest.split(',').map((part) => part.trim());
  }
  const text = lines.filter((line) => line !== '' && !line.startsWith('@')).join(' ');
  if (text === '') throw new Error(`values.yaml: ${path.join('.')} has no comment that says what it does`);
  return { text, facts };
}
