/** Building blocks of the JSON Schema of `starling.yaml`. Descriptions are what the loader tells a user who got a value wrong. */

export const text = (description: string, rules: object = {}) => ({
  type: 'string',
  minLength: 1,
  description,
  ...rules,
});

export const list = (items: object, description: string, rules: object = {}) => ({
  type: 'array',
  items,
  description,
  ...rules,
});

/** A whole number within bounds, both included. */
export const wholeNumber = (minimum: number, maximum: number, description: string) => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});

export const oneOf = (values: readonly string[], description: string) => ({
  type: 'string',
  enum: values,
  description,
});

/** A mapping that takes no other keys. */
export const closed = <Rules extends object>(
  properties: object,
  required: readonly string[],
  rules: Rules = {} as Rules,
) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
  ...rules,
});

/** When something holds, a member is needed. */
export const ifThen = (condition: object, needed: string, description: string) => ({
  if: condition,
  then: { required: [needed], properties: { [needed]: { description } } },
});

/** When a member has this value, another one is needed. */
export const whenThen = (member: string, value: string, needed: string, description: string) =>
  ifThen(has(member, value), needed, description);

/** Holds where a member has this value. */
export const has = (member: string, value: string) => ({
  properties: { [member]: { const: value } },
  required: [member],
});

export const awsRegion = text('An AWS region, such as us-west-2', { pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]+$' });

/** A name that AppSync would take for a data source or a function. */
export const nameOf = (use: string) =>
  text(`The name that ${use} use: letters, digits and _, not beginning with a digit`, {
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  });
