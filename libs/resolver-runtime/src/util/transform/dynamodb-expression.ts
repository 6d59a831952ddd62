import { FieldError } from '#libs/protocol';
import type { Budget } from '../../budget.js';
import { slotBytes } from '../../budget.js';
import { createMap, isList, isMap } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { toTyped } from '../typed-value.js';

/** A filter or condition as DynamoDB takes it, with the placeholders it brings. */
export interface DynamodbExpression {
  readonly expression: string;
  /** `#field` → the field's name. */
  readonly names: ValueMap;
  /** `:path_operator` → typed value. */
  readonly values: ValueMap;
}

const comparisons: Readonly<Record<string, string>> = Object.freeze({
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
});

const functions: Readonly<Record<string, string>> = Object.freeze({
  contains: 'contains',
  notContains: 'NOT contains',
  beginsWith: 'begins_with',
});

/** AppSync's names of DynamoDB's types, as GraphQL enums can spell them. */
const typeCodes: Readonly<Record<string, string>> = Object.freeze({
  _null: 'NULL',
  string: 'S',
  stringSet: 'SS',
  number: 'N',
  numberSet: 'NS',
  binary: 'B',
  binarySet: 'BS',
  boolean: 'BOOL',
  list: 'L',
  map: 'M',
});

/** What would end a placeholder: a filter that a client wrote could go on with an expression of its own behind it. */
const endOfPlaceholder = /[\s()=<>,#:[\]]/;

/** Steps of work for one placeholder: naming it and putting it into a map that grows takes 2 µs. */
const placeholderSteps = 20;

/** Thrown and caught here only: a filter that can't be expressed is null as a whole. */
class NotExpressible extends Error {}

/**
 * The DynamoDB expression of a filter object: `{title: {contains: "a"}, or: [{…}, {…}], not: {…}}`. Null when it is no such
 * object, has an unknown operator or a wrong operand. What AWS answers for odd filters is kept: an empty member of a group
 * leaves a dangling `AND`, which DynamoDB refuses there as here.
 */
export function toDynamodbExpression(filter: Value | undefined, budget: Budget): DynamodbExpression | null {
  const writer = new ExpressionWriter(budget);
  try {
    const expression = writer.writeMembers(requireMap(filter), '').join(' AND ');
    return { expression, names: writer.names, values: writer.values };
  } catch (error) {
    if (error instanceof NotExpressible) {
      return null;
    }
    throw error;
  }
}

/** Writes clauses and collects placeholders. A value's placeholder is named by its path, so that none is used twice. */
class ExpressionWriter {
  readonly names = createMap();
  readonly values = createMap();

  constructor(private readonly budget: Budget) {}

  /** One clause for each member of a filter object; the path starts the names of its values. */
  writeMembers(filter: ValueMap, path: string): string[] {
    this.budget.enter();
    const clauses = Object.keys(filter).map((key) => {
      const value = filter[key] ?? null;
      switch (key) {
        case 'and':
        case 'or':
          return this.writeGroup(key, value, `${path}${key}_`);
        case 'not':
          return this.make(`(NOT ${this.writeMembers(requireMap(value), `${path}not_`).join(' AND ')})`);
        default:
          return this.writeField(key, requireMap(value), path);
      }
    });
    this.budget.leave();
    return clauses;
  }

  private writeGroup(operator: 'and' | 'or', members: Value, path: string): string {
    if (!isList(members)) {
      throw new NotExpressible();
    }
    const clauses = members.map((member, index) =>
      this.writeMembers(requireMap(member), `${path}${index}_`).join(' AND '),
    );
    return this.join(clauses, operator.toUpperCase());
  }

  private writeField(field: string, conditions: ValueMap, path: string): string {
    if (endOfPlaceholder.test(field)) {
      const message = `The field name '${field.slice(0, 50)}' can't be part of a DynamoDB expression.`;
      throw new FieldError(message, 'MappingTemplate');
    }
    const name = this.make(`#${field}`);
    this.names[name] = field;
    return this.writeConditions(name, conditions, `:${path}${field}`);
  }

  /** The conditions on one operand, which is a name or `size(name)`. */
  private writeConditions(operand: string, conditions: ValueMap, path: string): string {
    this.budget.enter();
    const clauses = Object.keys(conditions).map((operator) =>
      this.writeCondition(operand, operator, conditions[operator] ?? null, `${path}_${operator}`),
    );
    this.budget.leave();
    return this.join(clauses, 'AND');
  }

  private writeCondition(operand: string, operator: string, value: Value, path: string): string {
    const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
    if (comparison !== undefined) {
      return this.make(`(${operand} ${comparison} ${this.bind(path, value)})`);
    }
    const call = Object.hasOwn(functions, operator) ? functions[operator] : undefined;
    if (call !== undefined) {
      return this.make(`(${call}(${operand},${this.bind(path, value)}))`);
    }
    switch (operator) {
      case 'between':
        return this.writeBetween(operand, value, path);
      case 'in':
        return this.writeIn(operand, value, path);
      case 'attributeExists':
        if (typeof value !== 'boolean') {
          throw new NotExpressible();
        }
        return this.make(`(${value ? 'attribute_exists' : 'attribute_not_exists'}(${operand}))`);
      case 'attributeType':
        if (typeof value !== 'string' || !Object.hasOwn(typeCodes, value)) {
          throw new NotExpressible();
        }
        return this.make(`(attribute_type(${operand},${this.bind(path, typeCodes[value] ?? null)}))`);
      case 'size':
        return this.writeConditions(
          operand.startsWith('size(') ? operand : `size(${operand})`,
          requireMap(value),
          path,
        );
      default:
        throw new NotExpressible();
    }
  }

  private writeBetween(operand: string, bounds: Value, path: string): string {
    if (!isList(bounds) || bounds.length < 2) {
      throw new NotExpressible();
    }
    const start = this.bind(`${path}_start`, bounds[0] ?? null);
    const end = this.bind(`${path}_end`, bounds[1] ?? null);
    return this.make(`(${operand} BETWEEN ${start} AND ${end})`);
  }

  private writeIn(operand: string, items: Value, path: string): string {
    if (!isList(items)) {
      throw new NotExpressible();
    }
    if (items.length === 0) {
      return '(null)';
    }
    const placeholders = items.map((item, index) => this.bind(`${path}_${index}`, item));
    return this.make(`(${operand} IN (${placeholders.join(', ')}))`);
  }

  private bind(placeholder: string, value: Value): string {
    this.budget.step(placeholderSteps);
    this.budget.spend(slotBytes + placeholder.length);
    this.values[placeholder] = toTyped(value, this.budget);
    return placeholder;
  }

  /** Clauses of one field or group: in brackets when there are several. */
  private join(clauses: readonly string[], operator: string): string {
    return clauses.length > 1 ? this.make(`(${clauses.join(` ${operator} `)})`) : (clauses[0] ?? '');
  }

  /** Counts a text that was made: nesting repeats what it holds. */
  private make(text: string): string {
    this.budget.spend(text.length);
    return text;
  }
}

function requireMap(value: Value | undefined): ValueMap {
  if (!isMap(value)) {
    throw new NotExpressible();
  }
  return value;
}
