import type { ArrayPattern, AssignmentProperty, Identifier, MemberExpression, ObjectPattern, Pattern } from 'acorn';
import { slotBytes } from '../budget.js';
import { createMap, isList } from '../values.js';
import type { Value } from '../values.js';
import { compileKey, compileLink } from './compile-chain.js';
import { propertyName } from './compile-literals.js';
import { unexpected } from './compiler.js';
import type { Assign, Compiler } from './compiler.js';
import { toKey } from './convert.js';
import { iterate, ownEntries, putEntries, readProperty, writeProperty } from './properties.js';
import type { JsValue, State } from './state.js';

/** The target of a declaration, parameter or assignment. */
export function compilePattern(node: Pattern, compiler: Compiler): Assign {
  switch (node.type) {
    case 'Identifier': {
      const slot = slotOf(node, compiler);
      return (value, { slots }) => {
        slots[slot] = value;
      };
    }
    case 'MemberExpression':
      return compileMemberTarget(node, compiler);
    case 'ObjectPattern':
      return compileObjectPattern(node, compiler);
    case 'ArrayPattern':
      return compileArrayPattern(node, compiler);
    case 'AssignmentPattern': {
      const assign = compiler.pattern(node.left);
      const fallback = compiler.expression(node.right);
      return (value, state) => {
        assign(value === undefined ? fallback(state) : value, state);
      };
    }
    default:
      throw unexpected(node);
  }
}

export function slotOf(node: Identifier, { code }: Compiler): number {
  const binding = code.names.references.get(node);
  if (binding === undefined) {
    throw unexpected(node);
  }
  return binding.slot;
}

function compileMemberTarget(node: MemberExpression, compiler: Compiler): Assign {
  const object = compileLink(node.object, compiler);
  const key = compileKey(node, compiler);
  const mark = compiler.mark(node.property);
  return (value, state) => {
    const target = object(state);
    const name = typeof key === 'string' ? key : key(state);
    mark(state);
    writeProperty(target, name, value, state);
  };
}

/** Gives a part of the value to a target; what it took is left out of the rest. */
type Take = (value: JsValue, taken: Set<string>, state: State) => void;

function compileObjectPattern(node: ObjectPattern, compiler: Compiler): Assign {
  const takes = node.properties.map((property): Take => {
    if (property.type === 'Property') {
      return compileTake(property, compiler);
    }
    const assign = compiler.pattern(property.argument);
    return (value, taken, state) => {
      const rest = createMap();
      const entries = ownEntries(value, state).filter(([key]) => !taken.has(key));
      putEntries(rest, entries, state);
      assign(rest, state);
    };
  });
  const mark = compiler.mark(node);
  return (value, state) => {
    mark(state);
    if (value === null || value === undefined) {
      throw state.fault(`cannot take properties of ${value}.`);
    }
    const taken = new Set<string>();
    for (const take of takes) {
      take(value, taken, state);
    }
  };
}

function compileTake({ key, value, computed }: AssignmentProperty, compiler: Compiler): Take {
  const assign = compiler.pattern(value);
  const name = computed ? compiler.expression(key) : propertyName(key);
  const mark = compiler.mark(key);
  return (source, taken, state) => {
    const read = typeof name === 'string' ? name : toKey(name(state), state.budget);
    mark(state);
    taken.add(read);
    assign(readProperty(source, read, state), state);
  };
}

function compileArrayPattern(node: ArrayPattern, compiler: Compiler): Assign {
  const parts = node.elements.map((element) =>
    element === null
      ? undefined
      : element.type === 'RestElement'
        ? { assign: compiler.pattern(element.argument), isRest: true }
        : { assign: compiler.pattern(element), isRest: false },
  );
  const mark = compiler.mark(node);
  return (value, state) => {
    mark(state);
    const items: readonly JsValue[] = isList(value) ? value : iterate(value, state);
    parts.forEach((part, index) => {
      if (part?.isRest === true) {
        state.budget.spend(Math.max(0, items.length - index) * slotBytes);
        part.assign(items.slice(index) as Value[], state);
      } else {
        part?.assign(items[index], state);
      }
    });
  };
}
