import type { FilterRule } from '../filter-group.js';
import type { FilterValue } from '../filter-value.js';
import { isJsonList } from '../is-json-list.js';
import type { OperatorName } from '../operators/index.js';
import { operators } from '../operators/index.js';
import { canonicalText } from './canonical-text.js';
import { Column, IdPool } from './column.js';
import type { Field, KeyOperator } from './field.js';
import type { FieldTree } from './field-tree.js';
import type { KeyPart } from './key-part.js';
import type { MatchClock } from './match-clock.js';
import { NumberRules } from './number-rules.js';
import { isEmptyBetween } from './range.js';

const operatorNames = Object.keys(operators) as readonly OperatorName[];
const operatorCodes = new Map(operatorNames.map((name, code) => [name, code]));

/** A rule that never holds: all of them are this one. */
export const neverRule = 1;
/** The rule that enhanced filters have beside their own: the payload is no list. */
export const notListRule = 2;

/** Words of a rule's record. */
const recordLength = 3;
/** Where in it they are; field and operator come first. */
const count = 1;
const verdict = 2;

/** Different rules by id, counted. A rule that thousands of filters share is kept, and checked for an event, once. */
export class RuleTable {
  /** Set for the event being matched. */
  isList = false;
  private readonly ids = new IdPool();
  /**
   * Three words of each rule, side by side because they are read together: field and operator in one; how often it is used; and
   * twice the stamp of the event that it was last checked for, plus 1 where it held.
   */
  private readonly records: Column;
  /** The values of rules, but of those that are in `numbers`. */
  private readonly values: (FilterValue | undefined)[] = [];
  private readonly numbers = new NumberRules(this.ids);

  constructor(
    private readonly fields: FieldTree,
    private readonly clock: MatchClock,
  ) {
    this.records = clock.clears(new Column(), recordLength, verdict);
    // The ids of neverRule and notListRule.
    this.ids.take();
    this.ids.take();
    this.values.push(undefined, undefined, undefined);
  }

  /** Different rules in the table. */
  get size(): number {
    return this.ids.size - notListRule;
  }

  /** The id of the rule, one user more. To be released. */
  intern(rule: FilterRule): number {
    if (rule.isTooDeep || isNeverTrue(rule)) return neverRule;
    const field = this.fields.intern(rule.path);
    if (!isJsonList(rule.value)) return this.internValue(field, rule.operator, rule.value);
    const { operator, value } = normalise(rule);
    return this.internValue(field, operator, value);
  }

  /** The same for a field and a value that is in its normal form. */
  internValue(field: Field, operator: OperatorName, value: FilterValue): number {
    const existing = this.findValue(field, operator, value);
    if (existing !== undefined) {
      this.records.values[existing * recordLength + count]! += 1;
      return existing;
    }
    const code = codeOf(field, operator);
    const id = isInNumbers(operator, value) ? this.numbers.add(code, value) : this.ids.take();
    const record = id * recordLength;
    this.records.reserve(record + verdict);
    this.records.values[record] = code;
    this.records.values[record + count] = 1;
    if (!isInNumbers(operator, value)) this.setValue(field, operator, value, id);
    field.rules += 1;
    return id;
  }

  findValue(field: Field, operator: OperatorName, value: FilterValue): number | undefined {
    if (isInNumbers(operator, value)) return this.numbers.get(codeOf(field, operator), value);
    if (isKeyed(operator, value)) return field.part(operator).get(keyOf(operator, value));
    const key = otherKey(value);
    return key === undefined ? undefined : field.otherRules(operator).get(key);
  }

  /** One user less; without any, the rule is forgotten, and its id is given to another. */
  release(id: number): void {
    if (id <= notListRule) return;
    const left = (this.records.values[id * recordLength + count]! -= 1);
    if (left > 0) return;
    const field = this.fieldOf(id);
    const value = this.values[id];
    if (value === undefined) this.numbers.delete(id);
    else this.deleteValue(field, this.operatorOf(id), value, id);
    field.rules -= 1;
    if (field.rules === 0) this.fields.delete(field);
  }

  fieldOf(id: number): Field {
    return this.fields.byId[this.records.values[id * recordLength]! >>> 4]!;
  }

  operatorOf(id: number): OperatorName {
    return operatorNames[this.records.values[id * recordLength]! & 15]!;
  }

  /** In its normal form. */
  valueOf(id: number): FilterValue {
    const value = this.values[id];
    return value === undefined ? this.numbers.valueOf(id) : value;
  }

  /** Conjunctions that have the rule, and placements that are filed under it. */
  usersOf(id: number): number {
    return this.records.values[id * recordLength + count]!;
  }

  /** The part that looks the rule up; undefined where none does. `in` is looked up by the `eq` of each of its values. */
  partOf(id: number): KeyPart | undefined {
    if (id <= notListRule) return undefined;
    const operator = this.operatorOf(id);
    switch (operator) {
      case 'eq':
        return isKeyed(operator, this.valueOf(id)) ? this.fieldOf(id).part('eq') : undefined;
      case 'in':
        return this.fieldOf(id).part('eq');
      case 'beginsWith':
      case 'contains':
      case 'containsAny':
        return this.fieldOf(id).part(operator);
      default:
        return undefined;
    }
  }

  /** True where the rule holds for the event being matched. The answer is remembered for the next that asks. */
  holds(id: number): boolean {
    if (id <= notListRule) return id === notListRule && !this.isList;
    const { values } = this.records;
    const record = id * recordLength;
    const code = values[record]!;
    const field = this.fields.byId[code >>> 4]!.value;
    if (field === null) return this.values[id] === null;
    const known = values[record + verdict]!;
    if (known >>> 1 === this.clock.stamp) return (known & 1) === 1;
    const holds = operators[operatorNames[code & 15]!].matches(field, this.valueOf(id));
    values[record + verdict] = this.clock.stamp * 2 + (holds ? 1 : 0);
    return holds;
  }

  private setValue(field: Field, operator: OperatorName, value: FilterValue, id: number): void {
    while (this.values.length <= id) this.values.push(undefined);
    this.values[id] = value;
    if (isKeyed(operator, value)) {
      field.part(operator).set(keyOf(operator, value), id);
      if (value === null) this.fields.nullable.add(field);
      return;
    }
    const key = otherKey(value);
    if (key !== undefined) field.otherRules(operator).set(key, id);
  }

  private deleteValue(field: Field, operator: OperatorName, value: FilterValue, id: number): void {
    this.values[id] = undefined;
    this.ids.giveBack(id);
    if (isKeyed(operator, value)) {
      field.part(operator).delete(keyOf(operator, value));
      if (value === null) this.fields.nullable.delete(field);
      return;
    }
    const key = otherKey(value);
    if (key !== undefined) field.otherRules(operator).delete(key);
  }
}

function codeOf(field: Field, operator: OperatorName): number {
  return field.id * 16 + operatorCodes.get(operator)!;
}

/** True for a comparison with a number that no part looks up. */
function isInNumbers(operator: OperatorName, value: FilterValue): value is number {
  return typeof value === 'number' && operator !== 'eq' && operator !== 'contains';
}

/** True for what a part looks up as it is. */
function isKeyed(operator: OperatorName, value: FilterValue): operator is KeyOperator {
  switch (operator) {
    case 'eq':
      return typeof value !== 'object' || value === null || canonicalText(value) !== undefined;
    case 'beginsWith':
    case 'contains':
      return true;
    case 'containsAny':
      return isJsonList(value) && value.length === 1;
    default:
      return false;
  }
}

/** What a part knows the value as: the one element of a `containsAny`, any other as it is. */
function keyOf(operator: KeyOperator, value: FilterValue): FilterValue {
  return operator === 'containsAny' && isJsonList(value) ? value[0]! : value;
}

/** What tells rules of one field and operator apart. Undefined for a value that equals no other: its rule is not shared. */
function otherKey(value: FilterValue): FilterValue | undefined {
  return typeof value === 'object' && value !== null ? canonicalText(value) : value;
}

function isNeverTrue({ operator, value }: FilterRule): boolean {
  return Number.isNaN(value) || (operator === 'between' && isEmptyBetween(value));
}

/** Values of a list in one order and each once, where that changes nothing; an `in` of one value is an `eq`. */
function normalise({ operator, value }: FilterRule): { operator: OperatorName; value: FilterValue } {
  if (!isJsonList(value) || operator === 'eq' || operator === 'between') return { operator, value };
  const values = [...new Set(value as readonly (string | number)[])].sort(byTypeAndValue);
  return operator === 'in' && values.length === 1 ? { operator: 'eq', value: values[0]! } : { operator, value: values };
}

function byTypeAndValue(left: string | number, right: string | number): number {
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}
