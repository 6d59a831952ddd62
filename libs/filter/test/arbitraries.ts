import fc from 'fast-check';
import type { JsonObject, JsonValue } from '#libs/protocol';
import type { OperatorName } from '../src/index.js';

/** Few names and few values, so that rules and payloads meet often; some are names that every object inherits. */
const names = ['boardId', 'priority', 'tags', 'venue', '__proto__', 'constructor', 'length'] as const;
const text = fc.constantFrom('', 'a', 'ab', 'b', '\u{1F426}', '\uFFFF', '\uD83D');
const number = fc.constantFrom(-1, 0, 1, 1.5, 2, 1e308);
const ordered = fc.oneof(text, number);
const list = fc.array(ordered, { minLength: 1, maxLength: 3 });
const pair = fc.oneof(fc.tuple(text, text), fc.tuple(number, number));

const values: { readonly [Name in OperatorName]: fc.Arbitrary<JsonValue> } = {
  eq: fc.oneof(ordered, fc.boolean()),
  ne: fc.oneof(ordered, fc.boolean()),
  le: ordered,
  lt: ordered,
  ge: ordered,
  gt: ordered,
  contains: ordered,
  notContains: ordered,
  beginsWith: text,
  in: list,
  notIn: list,
  between: pair,
  containsAny: list,
};

/** An operator and a value it accepts. */
export const comparison: fc.Arbitrary<{ operator: OperatorName; value: JsonValue }> = fc
  .constantFrom(...(Object.keys(values) as OperatorName[]))
  .chain((operator) => values[operator].map((value) => ({ operator, value })));

/** A field name of one or two levels. */
export const fieldName: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...names), fc.option(fc.constantFrom(...names), { nil: undefined }))
  .map((levels) => levels.filter((level) => level !== undefined).join('.'));

/** Any JSON value. */
export const anyJson = fc.jsonValue() as fc.Arbitrary<JsonValue>;

/** What a field of a payload may hold: every kind of value, mostly one that a rule could meet. */
export const fieldValue: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(ordered, fc.boolean(), fc.constant(null)) },
  { weight: 3, arbitrary: fc.array(fc.oneof(ordered, fc.constant(null)), { maxLength: 3 }) },
  { weight: 1, arbitrary: anyJson },
);

/** A payload: mostly an object with the names of {@link fieldName}, as `JSON.parse` or a null-prototype map would hold it. */
export const payload: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 9, arbitrary: objectOf(fc.oneof(fieldValue, objectOf(fieldValue))) },
  { weight: 1, arbitrary: anyJson },
);

function objectOf(value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 5 }), fc.boolean())
    .map(([entries, hasPrototype]) => {
      const object = (hasPrototype ? {} : Object.create(null)) as object;
      for (const [key, item] of entries) {
        // Not an assignment: that would set the prototype for `__proto__`, where JSON.parse makes an own key.
        Object.defineProperty(object, key, { value: item, enumerable: true, configurable: true, writable: true });
      }
      return object as JsonObject;
    });
}
