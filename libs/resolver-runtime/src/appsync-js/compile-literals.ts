import type { ArrayExpression, ObjectExpression, Property, TaggedTemplateExpression, TemplateLiteral } from 'acorn';
import { slotBytes } from '../budget.js';
import { createMap } from '../values.js';
import type { Value } from '../values.js';
import { unexpected } from './compiler.js';
import type { Compiler } from './compiler.js';
import { toKey, toText } from './convert.js';
import { iterate, ownEntries, putEntries, writeProperty } from './properties.js';
import type { Evaluate, JsValue, State } from './state.js';

/** The elements of an array or arguments of a call, spread ones in their place, in a list of their own. */
export function compileList(nodes: ArrayExpression['elements'], compiler: Compiler): (state: State) => JsValue[] {
  const items = nodes.map((node) =>
    node === null
      ? { evaluate: () => undefined, isSpread: false }
      : node.type === 'SpreadElement'
        ? { evaluate: compileSpread(node.argument, compiler), isSpread: true }
        : { evaluate: compiler.expression(node), isSpread: false },
  );
  if (items.some(({ isSpread }) => isSpread)) {
    return (state) => collect(items, state);
  }
  const evaluates = items.map(({ evaluate }) => evaluate);
  return (state) => {
    const values: JsValue[] = [];
    for (const evaluate of evaluates) {
      values.push(evaluate(state));
    }
    return values;
  };
}

/** What an item gives: a value, or when it is spread the values of a list. */
interface Item {
  readonly evaluate: (state: State) => JsValue;
  readonly isSpread: boolean;
}

function collect(items: readonly Item[], state: State): JsValue[] {
  const values: JsValue[] = [];
  for (const { evaluate, isSpread } of items) {
    const value = evaluate(state);
    if (!isSpread) {
      values.push(value);
      continue;
    }
    for (const one of value as JsValue[]) {
      values.push(one);
    }
  }
  return values;
}

function compileSpread(node: Parameters<Compiler['expression']>[0], compiler: Compiler): Evaluate {
  const evaluate = compiler.expression(node);
  const mark = compiler.mark(node);
  return (state) => {
    const value = evaluate(state);
    mark(state);
    return iterate(value, state) as Value[];
  };
}

export function compileArray({ elements }: ArrayExpression, compiler: Compiler): Evaluate {
  const list = compileList(elements, compiler);
  return (state) => {
    const values = list(state);
    state.budget.spend((values.length + 1) * slotBytes);
    state.budget.step();
    return values as Value[];
  };
}

/** Puts one part of an object literal into the object. */
type Put = (target: Value, state: State) => void;

export function compileObject({ properties }: ObjectExpression, compiler: Compiler): Evaluate {
  const puts = properties.map((property): Put => {
    if (property.type === 'Property') {
      return compileProperty(property, compiler);
    }
    const spread = compiler.expression(property.argument);
    return (target, state) => {
      putEntries(target as ReturnType<typeof createMap>, ownEntries(spread(state), state), state);
    };
  });
  return (state) => {
    const map = createMap();
    state.budget.spend(slotBytes);
    state.budget.step();
    for (const put of puts) {
      put(map, state);
    }
    return map;
  };
}

function compileProperty({ key, value, computed }: Property, compiler: Compiler): Put {
  const evaluate = compiler.expression(value);
  const mark = compiler.mark(key);
  const name = computed ? compiler.expression(key) : propertyName(key);
  return (target, state) => {
    const written = typeof name === 'string' ? name : toKey(name(state), state.budget);
    const given = evaluate(state);
    mark(state);
    writeProperty(target, written, given, state);
  };
}

/** The name of a property as the text has it: `a`, `'a'` or `1`. */
export function propertyName(key: Property['key']): string {
  switch (key.type) {
    case 'Identifier':
      return key.name;
    case 'Literal':
      return String(key.value);
    default:
      throw unexpected(key);
  }
}

export function compileTemplate({ quasis, expressions }: TemplateLiteral, compiler: Compiler): Evaluate {
  const texts = quasis.map(({ value }) => value.cooked ?? '');
  const first = texts[0] ?? '';
  const rest = expressions.map((node, index) => ({
    evaluate: compiler.expression(node),
    text: texts[index + 1] ?? '',
  }));
  return (state) => {
    const { budget } = state;
    let result = first;
    for (const { evaluate, text } of rest) {
      const piece = toText(evaluate(state), budget);
      budget.spend(piece.length + text.length);
      result += piece + text;
    }
    return result;
  };
}

export function compileTag(node: TaggedTemplateExpression, compiler: Compiler): Evaluate {
  const run = compiler.code.links.tags.get(node);
  if (run === undefined) {
    throw unexpected(node);
  }
  const strings = node.quasi.quasis.map(({ value }) => value.cooked ?? value.raw);
  const values = compileList(node.quasi.expressions, compiler);
  const mark = compiler.mark(node.tag);
  return (state) => {
    const given = values(state);
    mark(state);
    return run(state, strings, given);
  };
}
