import type { Budget } from '../budget.js';
import { isList } from '../values.js';
import type { JsValue } from './state.js';

/** JavaScript's `ToBoolean`. */
export function toBoolean(value: JsValue): boolean {
  return Boolean(value);
}

/** JavaScript's `ToString`: lists are their elements with commas between them, maps `[object Object]`. */
export function toText(value: JsValue, budget: Budget): string {
  if (typeof value === 'string') {
    return value;
  }
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  return isList(value) ? joinList(value, ',', budget) : '[object Object]';
}

/** `Array.prototype.join`: null and undefined are empty. */
export function joinList(list: readonly JsValue[], separator: string, budget: Budget): string {
  budget.enter();
  budget.spend(list.length * separator.length);
  budget.step(list.length);
  const text = list
    .map((item) => {
      const piece = item === null || item === undefined ? '' : toText(item, budget);
      budget.spend(piece.length + 1);
      return piece;
    })
    .join(separator);
  budget.leave();
  return text;
}

/** JavaScript's `ToNumber`. */
export function toNumber(value: JsValue, budget: Budget): number {
  if (typeof value === 'number') {
    return value;
  }
  if (typeof value === 'object' && value !== null) {
    return toNumber(toText(value, budget), budget);
  }
  if (typeof value === 'string') {
    budget.step(value.length >> 6);
  }
  return Number(value);
}

/** JavaScript's `ToIntegerOrInfinity`; what is left out is the fallback. */
export function toInteger(value: JsValue, fallback: number, budget: Budget): number {
  if (value === undefined) {
    return fallback;
  }
  const number = Math.trunc(toNumber(value, budget));
  return Number.isNaN(number) ? 0 : number;
}

/** The name of a property: numbers and all else as text. */
export function toKey(value: JsValue, budget: Budget): string {
  return typeof value === 'string' ? value : toText(value, budget);
}

/** What an error calls the value: its type, and the value where it is short. */
export function describe(value: JsValue): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  return isList(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
