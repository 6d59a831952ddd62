import { FieldError } from '#libs/protocol';
import { slotBytes } from '../budget.js';
import { printValue } from '../print-value.js';
import { createMap, writeKey } from '../values.js';
import type { Value } from '../values.js';
import { compileReference } from './compile-reference.js';
import type { Evaluate, Frame, Render } from './frame.js';
import { binaryOperators, isTrue } from './operators.js';
import type { ChainNode, ExpressionNode, RenderNode } from './tree.js';

/** Compiles blocks, for strings that hold references. */
export type CompileBlock = (nodes: readonly RenderNode[], template: string) => Render;

/** Makes the compiler of expressions. It is given that of blocks, which in turn needs this one. */
export function createExpressionCompiler(compileBlock: CompileBlock) {
  return function compile(node: ExpressionNode, template: string): Evaluate {
    switch (node.kind) {
      case 'literal': {
        const { value } = node;
        return () => value;
      }
      case 'interpolated': {
        const render = compileBlock(node.body, template);
        return (frame) => frame.capture(render);
      }
      case 'reference':
        return compileReference(node, template, compile);
      case 'list':
        return compileList(node.items.map((item) => compile(item, template)));
      case 'range':
        return compileRange(compile(node.from, template), compile(node.to, template), node.line);
      case 'map':
        return compileMap(
          node.entries.map(({ key, value }) => ({ key: compile(key, template), value: compile(value, template) })),
        );
      case 'not': {
        const operand = compile(node.operand, template);
        return (frame) => !isTrue(operand(frame));
      }
      case 'negate': {
        const operand = compile(node.operand, template);
        return (frame) => binaryOperators['-'](0, operand(frame), frame);
      }
      case 'and': {
        const operands = node.operands.map((operand) => compile(operand, template));
        return (frame) => operands.every((operand) => isTrue(operand(frame)));
      }
      case 'or': {
        const operands = node.operands.map((operand) => compile(operand, template));
        return (frame) => operands.some((operand) => isTrue(operand(frame)));
      }
      case 'chain':
        return compileChain(node, (operand) => compile(operand, template));
    }
  };
}

function compileList(items: readonly Evaluate[]): Evaluate {
  return (frame) => {
    frame.budget.spend(items.length * slotBytes);
    return items.map((item) => item(frame));
  };
}

function compileMap(entries: readonly { key: Evaluate; value: Evaluate }[]): Evaluate {
  return (frame) => {
    const map = createMap();
    frame.budget.spend(entries.length * slotBytes);
    for (const { key, value } of entries) {
      writeKey(map, printValue(key(frame), frame.budget), value(frame));
    }
    return map;
  };
}

/** `[from..to]`, both included, downwards when from is the larger. */
function compileRange(from: Evaluate, to: Evaluate, line: number): Evaluate {
  return (frame) => {
    const first = requireInteger(from(frame));
    const last = requireInteger(to(frame));
    frame.budget.line = line;
    const length = Math.abs(last - first) + 1;
    frame.budget.spend(length * slotBytes);
    const direction = last < first ? -1 : 1;
    return Array.from({ length }, (_item, index) => first + direction * index);
  };
}

function requireInteger(value: Value): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new FieldError('The bounds of a range must be integers.', 'MappingTemplate');
  }
  return value;
}

function compileChain({ first, rest }: ChainNode, compile: (node: ExpressionNode) => Evaluate): Evaluate {
  const start = compile(first);
  const links = rest.map(({ operator, operand }) => ({ apply: binaryOperators[operator], operand: compile(operand) }));
  return (frame: Frame) => {
    let value = start(frame);
    for (const { apply, operand } of links) {
      frame.budget.step();
      value = apply(value, operand(frame), frame);
    }
    return value;
  };
}
