import type { Budget } from '../../budget.js';
import { toDynamodbExpression } from '../../util/transform/dynamodb-expression.js';
import { toTypedMap } from '../../util/typed-value.js';
import { createMap, isList, readKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { codeError, requireMapAt } from '../payload.js';
import { Placeholders } from './placeholders.js';

/** A key or an item as a document has it: typed values. */
export function toKey(value: Value, path: string, budget: Budget): ValueMap {
  return toTypedMap(requireMapAt(value, path), budget);
}

/**
 * A condition, filter or key condition as an expression; null when none was given. Without values it has no
 * `expressionValues`, as in AWS. One that can't be expressed is an error: left out, it would let everything through.
 */
export function toExpression(filter: Value, path: string, budget: Budget): Value {
  if (filter === null) {
    return null;
  }
  const written = toDynamodbExpression(filter, budget);
  if (written === null) {
    throw codeError(`Expected ${path} to be an object of conditions, with operators that DynamoDB has.`);
  }
  const expression = createMap();
  expression['expression'] = written.expression;
  expression['expressionNames'] = written.names;
  if (Object.keys(written.values).length > 0) {
    expression['expressionValues'] = written.values;
  }
  return expression;
}

/** Attribute paths as a projection: `nested.field` is `#expName_1.#expName_2`. Null when there are none. */
export function toProjection(paths: Value, budget: Budget): Value {
  if (!isList(paths) || paths.length === 0) {
    return null;
  }
  const placeholders = new Placeholders(budget);
  const written = paths.map((path) => {
    if (typeof path !== 'string') {
      throw codeError('Expected projection to be an array of attribute names.');
    }
    budget.spend(path.length);
    return placeholders.path(path.split('.'));
  });
  const projection = createMap();
  projection['expression'] = written.join(', ');
  projection['expressionNames'] = placeholders.names;
  return projection;
}

/** Adds the members that have a value: null is the same as not given. */
export function withOptional(request: ValueMap, optional: Readonly<Record<string, Value>>): ValueMap {
  for (const [name, value] of Object.entries(optional)) {
    if (value !== null) {
      request[name] = value;
    }
  }
  return request;
}

/** Members of the payload that go into the request as they are. */
export function pick(payload: ValueMap, ...names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, readKey(payload, name)]));
}

/** A request with its operation. */
export function createRequest(operation: string, members: Readonly<Record<string, Value>> = {}): ValueMap {
  const request = createMap();
  request['operation'] = operation;
  return withOptional(request, members);
}
