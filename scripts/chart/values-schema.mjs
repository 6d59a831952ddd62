// The JSON schema of the chart's values: helm refuses what does not fit, a misspelt key above all.

/** The schema of a tree of values, as text. */
export function valuesSchema(tree) {
  return `${JSON.stringify(
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'Values of the chart starling',
      ...group({ children: tree }),
      // What Helm itself adds when the chart is another's dependency.
      properties: { ...group({ children: tree }).properties, global: { type: 'object' } },
    },
    null,
    2,
  )}\n`;
}

function schemaOf(node) {
  const shape = node.children ? group(node) : value(node);
  return { description: node.text, ...shape };
}

function group({ children }) {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(children.map((child) => [child.name, schemaOf(child)])),
  };
}

function value({ facts, value: standing, path }) {
  if (facts.map) return { type: 'object', additionalProperties: { type: ['string', 'null'] }, default: standing };
  if (facts.json) return { type: 'object', default: standing };
  if (facts.kubernetes)
    return Array.isArray(standing)
      ? { type: 'array', items: { type: 'object' }, default: standing }
      : { type: 'object', default: standing };
  if (facts.enum) return { type: 'string', enum: facts.enum, default: standing };
  if (Array.isArray(standing)) {
    if (!facts.items) throw new Error(`values.yaml: ${path.join('.')} is a list; @items says of what`);
    return { type: 'array', items: { type: facts.items[0] }, default: standing };
  }
  const types = facts.type ?? [typeOf(standing, path)];
  return {
    type: types.length === 1 ? types[0] : types,
    ...(facts.min ? { minimum: Number(facts.min[0]) } : {}),
    ...(facts.max ? { maximum: Number(facts.max[0]) } : {}),
    default: standing,
  };
}

function typeOf(standing, path) {
  if (typeof standing === 'string' || typeof standing === 'boolean') return typeof standing;
  if (Number.isInteger(standing)) return 'integer';
  throw new Error(`values.yaml: the type of ${path.join('.')} can't be told from its default; @type says it`);
}
