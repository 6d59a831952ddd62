// The tables of the chart's README.

/** One section for each group at the top, one row for each value. */
export function valuesTables(tree) {
  const single = tree.filter((node) => !node.children);
  const groups = tree.filter((node) => node.children);
  const sections = groups.map((node) => `### ${node.name}\n\n${node.text}\n\n${table(leavesOf(node))}`);
  return [`### The whole release\n\n${table(single)}`, ...sections].join('\n\n');
}

function leavesOf(node) {
  if (!node.children) return [node];
  return node.children.flatMap((child) => leavesOf(child.children ? withReason(child) : child));
}

/** What a group is for stands in front of its first value. */
function withReason(group) {
  const [first, ...rest] = group.children;
  return { ...group, children: [{ ...first, text: `${group.text} ${first.text}` }, ...rest] };
}

function table(nodes) {
  const rows = nodes.map(
    (node) => `| \`${node.path.join('.')}\` | ${typeText(node)} | ${defaultText(node)} | ${cell(node.text)} |`,
  );
  return ['| value | type | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function typeText({ facts, value }) {
  if (facts.enum) return facts.enum.map((one) => `\`${one}\``).join(', ');
  if (facts.map) return 'map of texts';
  if (Array.isArray(value)) return facts.kubernetes ? 'list' : `list of ${facts.items[0]}`;
  if (facts.kubernetes || facts.json) return 'object';
  if (facts.type) return facts.type.join(' or ');
  return typeof value === 'number' ? 'integer' : typeof value;
}

function defaultText({ value }) {
  const isEmpty = value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  if (isEmpty) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${cell(text)}\``;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}
