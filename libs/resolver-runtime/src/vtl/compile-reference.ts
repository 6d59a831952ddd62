import { isList, isMap, readKey, writeKey } from '../values.js';
import type { Value } from '../values.js';
import { slotBytes } from '../budget.js';
import { printValue } from '../print-value.js';
import { TemplateSyntaxError } from './template-syntax-error.js';
import type { Evaluate, Frame } from './frame.js';
import { isLinkedRoot, linkCall } from './link-util.js';
import { callMethod } from './methods/index.js';
import type { ExpressionNode, ReferenceNode, ReferenceStep } from './tree.js';

/** Compiles expressions; given by the expression compiler, which it would otherwise depend on in a circle. */
export type CompileExpression = (node: ExpressionNode, template: string) => Evaluate;

type Step = (target: Value, frame: Frame) => Value;

/** A reference as a value: null when it is undefined anywhere on its path. */
export function compileReference(node: ReferenceNode, template: string, compile: CompileExpression): Evaluate {
  const { line } = node;
  const { root, remaining } = compileRoot(node, template, compile);
  const steps = remaining.map((step) => compileStep(step, template, compile));
  return (frame) => {
    frame.budget.line = line;
    frame.budget.step();
    let value = root(frame);
    for (const step of steps) {
      if (value === null) {
        return null;
      }
      value = step(value, frame);
    }
    return value;
  };
}

function compileRoot(
  { root, steps, line, column }: ReferenceNode,
  template: string,
  compile: CompileExpression,
): { root: Evaluate; remaining: readonly ReferenceStep[] } {
  if (root === 'ctx' || root === 'context') {
    return { root: (frame) => frame.context, remaining: steps };
  }
  if (!isLinkedRoot(root)) {
    return { root: (frame) => frame.variables.get(root) ?? null, remaining: steps };
  }
  const link = linkCall(root, steps);
  if ('problem' in link) {
    throw new TemplateSyntaxError(link.problem, template, line, column, link.hint);
  }
  const { run, call, stepCount } = link;
  const args = call.args.map((arg) => compile(arg, template));
  return {
    root: (frame) => {
      const values = args.map((evaluate) => evaluate(frame));
      frame.budget.line = line;
      return run(frame.call, ...values);
    },
    remaining: steps.slice(stepCount),
  };
}

function compileStep(step: ReferenceStep, template: string, compile: CompileExpression): Step {
  switch (step.kind) {
    case 'property': {
      const { name } = step;
      return (target) => readProperty(target, name);
    }
    case 'index': {
      const index = compile(step.index, template);
      return (target, frame) => readIndex(target, index(frame), frame);
    }
    case 'method': {
      const { name } = step;
      const args = step.args.map((arg) => compile(arg, template));
      return (target, frame) => {
        const values = args.map((evaluate) => evaluate(frame));
        frame.budget.step();
        return callMethod(target, name, values, frame.budget);
      };
    }
  }
}

/** An own key of a map; `empty` of texts and lists, which Velocity finds as `isEmpty()`. */
function readProperty(target: Value, name: string): Value {
  if (isMap(target)) {
    return readKey(target, name);
  }
  return name === 'empty' && (isList(target) || typeof target === 'string') ? target.length === 0 : null;
}

/** An element of a list, negative from its end; a key of a map. */
function readIndex(target: Value, index: Value, frame: Frame): Value {
  if (isList(target)) {
    return typeof index === 'number' ? (target.at(index) ?? null) : null;
  }
  return isMap(target) && index !== null ? readKey(target, printValue(index, frame.budget)) : null;
}

/**
 * Compiles the target of a #set. Nothing happens when what should hold the value is undefined or no map or list, or
 * the index is outside of the list, as in Velocity.
 */
export function compileAssignment(
  node: ReferenceNode,
  template: string,
  compile: CompileExpression,
): (value: Value, frame: Frame) => void {
  const last = node.steps.at(-1);
  if (last === undefined) {
    return (value, frame) => {
      frame.variables.set(node.root, value);
    };
  }
  const holder = compileReference({ ...node, steps: node.steps.slice(0, -1) }, template, compile);
  const key: Evaluate =
    last.kind === 'index' ? compile(last.index, template) : () => (last.kind === 'property' ? last.name : null);
  return (value, frame) => {
    const target = holder(frame);
    const index = key(frame);
    if (isMap(target) && index !== null) {
      frame.budget.spend(slotBytes);
      writeKey(target, printValue(index, frame.budget), value);
    } else if (isList(target) && typeof index === 'number' && Number.isInteger(index)) {
      const position = index < 0 ? index + target.length : index;
      if (position >= 0 && position < target.length) {
        target[position] = value;
      }
    }
  };
}
