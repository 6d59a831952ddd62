import type { CallExpression, Expression, MemberExpression, Super } from 'acorn';
import { slotBytes } from '../budget.js';
import { isList } from '../values.js';
import { listMethods } from './builtins/list-methods.js';
import { textMethods } from './builtins/text-methods.js';
import { compileList } from './compile-literals.js';
import { unexpected } from './compiler.js';
import type { Compiler } from './compiler.js';
import { describe } from './convert.js';
import type { CallTarget } from './link-calls.js';
import { deleteProperty, indexPattern, readNamed, readProperty } from './properties.js';
import type { Evaluate, Invoke, JsValue, State } from './state.js';

/** What a chain gives from the place on where `?.` met null or undefined. Never leaves the chain. */
const skipped = Object.freeze(Object.create(null)) as NonNullable<JsValue> & object;

function isNullish(value: JsValue): value is null | undefined {
  return value === null || value === undefined;
}

/** A chain with `?.` in it: undefined when one of them cut it. */
export function compileChain(node: Expression, compiler: Compiler): Evaluate {
  const link = compileLink(node, compiler);
  return (state) => {
    const value = link(state);
    return value === skipped ? undefined : value;
  };
}

/** A member or call, maybe inside a chain; or whatever the chain begins with. */
export function compileLink(node: Expression | Super, compiler: Compiler): Evaluate {
  switch (node.type) {
    case 'MemberExpression':
      return compileMember(node, compiler);
    case 'CallExpression':
      return compileCall(node, compiler);
    default:
      return compiler.expression(node);
  }
}

/** The key of a member: a name in the text that is no index, or an expression. */
export function compileKey({ property, computed }: MemberExpression, compiler: Compiler): string | Evaluate {
  if (computed && property.type !== 'PrivateIdentifier') {
    return property.type === 'Literal' && typeof property.value === 'string' && !indexPattern.test(property.value)
      ? property.value
      : compiler.expression(property);
  }
  if (property.type !== 'Identifier') {
    throw unexpected(property);
  }
  return property.name;
}

function compileMember(node: MemberExpression, compiler: Compiler): Evaluate {
  const object = compileLink(node.object, compiler);
  const key = compileKey(node, compiler);
  const mark = compiler.mark(node.property);
  const { optional } = node;
  if (typeof key === 'string') {
    return (state) => {
      const target = object(state);
      if (target === skipped || (optional && isNullish(target))) {
        return skipped;
      }
      mark(state);
      return readNamed(target, key, state);
    };
  }
  return (state) => {
    const target = object(state);
    if (target === skipped || (optional && isNullish(target))) {
      return skipped;
    }
    const name = key(state);
    mark(state);
    return readProperty(target, name, state);
  };
}

/** `delete a.b`, `delete a?.b`. */
export function compileDelete(node: Expression, compiler: Compiler): Evaluate {
  const member = node.type === 'ChainExpression' ? node.expression : node;
  if (member.type !== 'MemberExpression') {
    throw unexpected(member);
  }
  const object = compileLink(member.object, compiler);
  const key = compileKey(member, compiler);
  const mark = compiler.mark(member.property);
  const { optional } = member;
  return (state) => {
    const target = object(state);
    if (target === skipped || (optional && isNullish(target))) {
      return true;
    }
    const name = typeof key === 'string' ? key : key(state);
    mark(state);
    return deleteProperty(target, name, state);
  };
}

function compileCall(node: CallExpression, compiler: Compiler): Evaluate {
  const target = compiler.code.links.calls.get(node);
  switch (target?.kind) {
    case 'builtin':
      return compileFunctionCall(node, target.run, compiler);
    case 'function':
      return compileFunctionCall(node, compiler.function(target.unit), compiler);
    case 'method':
    case 'callback':
      return compileMethod(node, target, compiler);
    default:
      throw unexpected(node);
  }
}

function compileFunctionCall(node: CallExpression, run: Invoke, compiler: Compiler): Evaluate {
  const args = compileList(node.arguments, compiler);
  const mark = compiler.mark(node.callee.type === 'MemberExpression' ? node.callee.property : node.callee);
  return (state) => {
    const values = args(state);
    mark(state);
    return run(state, values);
  };
}

function compileMethod(
  node: CallExpression,
  target: Extract<CallTarget, { kind: 'method' | 'callback' }>,
  compiler: Compiler,
): Evaluate {
  const { callee } = node;
  if (callee.type !== 'MemberExpression') {
    throw unexpected(callee);
  }
  const { name } = target;
  const isOptionalTarget = callee.optional;
  const isOptionalCall = node.optional;
  const object = compileLink(callee.object, compiler);
  const args = compileList(target.kind === 'callback' ? node.arguments.slice(1) : node.arguments, compiler);
  const mark = compiler.mark(callee.property);
  const run = target.kind === 'callback' ? compileCallback(target, compiler) : dispatch(name);
  return (state) => {
    const value = object(state);
    if (value === skipped || (isOptionalTarget && isNullish(value))) {
      return skipped;
    }
    if (isNullish(value)) {
      mark(state);
      throw state.fault(`cannot read '${name}' of ${value}.`);
    }
    const values = args(state);
    mark(state);
    return run(value, values, state, isOptionalCall);
  };
}

type RunMethod = (target: NonNullable<JsValue>, args: readonly JsValue[], state: State, isOptional: boolean) => JsValue;

function missing(target: JsValue, name: string, state: State, isOptional: boolean): JsValue {
  if (isOptional) {
    return skipped;
  }
  throw state.fault(`${describe(target)} has no method ${name}.`);
}

/** The method of that name of whichever type the target has. */
function dispatch(name: string): RunMethod {
  const ofText = textMethods.get(name);
  const ofList = listMethods.get(name);
  return (target, args, state, isOptional) => {
    if (typeof target === 'string' && ofText !== undefined) {
      return ofText(target, args, state);
    }
    return isList(target) && ofList !== undefined
      ? ofList(target, args, state)
      : missing(target, name, state, isOptional);
  };
}

function compileCallback(
  { name, method, callback }: Extract<CallTarget, { kind: 'callback' }>,
  compiler: Compiler,
): RunMethod {
  const invoke = compiler.function(callback);
  return (target, args, state, isOptional) => {
    if (!isList(target)) {
      return missing(target, name, state, isOptional);
    }
    state.budget.spend(slotBytes);
    return method(target, invoke, args, state);
  };
}
