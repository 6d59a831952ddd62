import { slotBytes } from '../../budget.js';
import type { Budget } from '../../budget.js';
import { createMap, isList, isMap } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';

/** Operators that put the value under the field's name in one kind of query. */
const queryKinds: Readonly<Record<string, string>> = Object.freeze({
  eq: 'term',
  match: 'match',
  matchPhrase: 'match_phrase',
  matchPhrasePrefix: 'match_phrase_prefix',
  multiMatch: 'multi_match',
  wildcard: 'wildcard',
  regexp: 'regexp',
});

const bounds: ReadonlySet<string> = new Set(['gt', 'gte', 'lt', 'lte']);

/** Thrown and caught here only: a filter that can't be expressed is null as a whole. */
class NotExpressible extends Error {}

/**
 * The OpenSearch query of a filter object: `{title: {eq: "a"}, or: [{…}, {…}], not: {…}}`; several members hold together.
 * Null when it is no such object, has an unknown operator or a wrong operand.
 */
export function toOpensearchQuery(filter: Value | undefined, budget: Budget): Value {
  try {
    return all(writeMembers(requireMap(filter), budget));
  } catch (error) {
    if (error instanceof NotExpressible) {
      return null;
    }
    throw error;
  }
}

function writeMembers(filter: ValueMap, budget: Budget): Value[] {
  budget.enter();
  const queries = Object.keys(filter).map((key): Value => {
    budget.spend(4 * slotBytes);
    const value = filter[key] ?? null;
    switch (key) {
      case 'and':
        return bool('must', writeGroup(value, budget));
      case 'or':
        return anyOf(writeGroup(value, budget));
      case 'not':
        return bool('must_not', all(writeMembers(requireMap(value), budget)));
      default:
        return all(writeConditions(key, requireMap(value), budget));
    }
  });
  budget.leave();
  return queries;
}

function writeGroup(members: Value, budget: Budget): Value[] {
  if (!isList(members)) {
    throw new NotExpressible();
  }
  return members.map((member) => all(writeMembers(requireMap(member), budget)));
}

function writeConditions(field: string, conditions: ValueMap, budget: Budget): Value[] {
  return Object.keys(conditions).map((operator) => {
    budget.spend(4 * slotBytes);
    return writeCondition(field, operator, conditions[operator] ?? null);
  });
}

function writeCondition(field: string, operator: string, value: Value): Value {
  const kind = Object.hasOwn(queryKinds, operator) ? queryKinds[operator] : undefined;
  if (kind !== undefined) {
    return entry(kind, entry(field, value));
  }
  if (bounds.has(operator)) {
    return entry('range', entry(field, entry(operator, value)));
  }
  switch (operator) {
    case 'ne':
      return bool('must_not', entry('term', entry(field, value)));
    case 'range': {
      if (!isList(value) || value.length < 2) {
        throw new NotExpressible();
      }
      const range = entry('gte', value[0] ?? null);
      range['lte'] = value[1] ?? null;
      return entry('range', entry(field, range));
    }
    case 'exists': {
      if (typeof value !== 'boolean') {
        throw new NotExpressible();
      }
      const exists = entry('exists', entry('field', field));
      return value ? exists : bool('must_not', exists);
    }
    default:
      throw new NotExpressible();
  }
}

/** Queries that must all hold; one is itself. */
function all(queries: Value[]): Value {
  return queries.length === 1 ? (queries[0] ?? null) : bool('must', queries);
}

function anyOf(queries: Value[]): Value {
  const should = entry('should', queries);
  should['minimum_should_match'] = 1;
  return entry('bool', should);
}

function bool(occurrence: string, query: Value): ValueMap {
  return entry('bool', entry(occurrence, query));
}

function entry(key: string, value: Value): ValueMap {
  const map = createMap();
  map[key] = value;
  return map;
}

function requireMap(value: Value | undefined): ValueMap {
  if (!isMap(value)) {
    throw new NotExpressible();
  }
  return value;
}
