import { slotBytes } from '../budget.js';
import { printValue } from '../print-value.js';
import { createMap, isList, isMap } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { createExpressionCompiler } from './compile-expression.js';
import { compileAssignment } from './compile-reference.js';
import type { Evaluate, Frame, Render } from './frame.js';
import { isTrue } from './operators.js';
import type { ForeachNode, IfNode, PrintNode, RenderNode, SetNode } from './tree.js';

const compileExpression = createExpressionCompiler(compileBlock);

/** Turns the tree of a template into closures, once, at load. `template` is the name that errors show. */
export function compileBlock(nodes: readonly RenderNode[], template: string): Render {
  const renders = nodes.map((node) => compileNode(node, template));
  return (frame) => {
    for (const render of renders) {
      const signal = render(frame);
      if (signal !== 'next') {
        return signal;
      }
    }
    return 'next';
  };
}

function compileNode(node: RenderNode, template: string): Render {
  switch (node.kind) {
    case 'text': {
      const { text } = node;
      return (frame) => {
        frame.write(text);
        return 'next';
      };
    }
    case 'print':
      return compilePrint(node, template);
    case 'set':
      return compileSet(node, template);
    case 'if':
      return compileIf(node, template);
    case 'foreach':
      return compileForeach(node, template);
    case 'break':
      return () => 'break';
    case 'stop':
      return () => 'stop';
    case 'return': {
      const value: Evaluate = node.value === null ? () => null : compileExpression(node.value, template);
      return (frame) => {
        frame.returned = value(frame);
        return 'return';
      };
    }
  }
}

/** Prints the value, or the reference as written when it is undefined; see {@link PrintNode} for backslashes. */
function compilePrint({ reference, backslashes }: PrintNode, template: string): Render {
  const evaluate = compileExpression(reference, template);
  const { source, isQuiet } = reference;
  const undefinedText = '\\'.repeat(backslashes) + (isQuiet && backslashes === 0 ? '' : source);
  const prefix = '\\'.repeat(backslashes >> 1);
  const isEscaped = backslashes % 2 === 1;
  return (frame) => {
    const value = evaluate(frame);
    if (value === null) {
      frame.write(undefinedText);
    } else {
      frame.write(prefix + (isEscaped ? source : printValue(value, frame.budget)));
    }
    return 'next';
  };
}

function compileSet({ target, value, line }: SetNode, template: string): Render {
  const assign = compileAssignment(target, template, compileExpression);
  const evaluate = compileExpression(value, template);
  return (frame) => {
    frame.budget.line = line;
    frame.budget.step();
    assign(evaluate(frame), frame);
    return 'next';
  };
}

function compileIf({ branches, otherwise }: IfNode, template: string): Render {
  const compiled = branches.map(({ condition, body }) => ({
    condition: compileExpression(condition, template),
    body: compileBlock(body, template),
  }));
  const fallback = compileBlock(otherwise, template);
  return (frame) => {
    for (const { condition, body } of compiled) {
      if (isTrue(condition(frame))) {
        return body(frame);
      }
    }
    return fallback(frame);
  };
}

/** The elements of a list, the values of a map, nothing of anything else. A copy: the body may change the collection. */
function listItems(value: Value, frame: Frame): readonly Value[] {
  const items = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  frame.budget.spend(items.length * slotBytes);
  return [...items];
}

/** `$foreach` inside the body. */
function createLoopStatus(parent: Value): ValueMap {
  const status = createMap();
  status['parent'] = parent;
  return status;
}

function compileForeach({ variable, items, body, line }: ForeachNode, template: string): Render {
  const collection = compileExpression(items, template);
  const renderBody = compileBlock(body, template);
  return (frame) => {
    const { variables, budget } = frame;
    const elements = listItems(collection(frame), frame);
    const names = [variable, 'foreach', 'velocityCount'];
    const outer = names.map((name) => variables.get(name) ?? null);
    const status = createLoopStatus(variables.get('foreach') ?? null);
    variables.set('foreach', status);
    let ended: ReturnType<Render> = 'next';
    for (const [index, element] of elements.entries()) {
      budget.line = line;
      budget.step();
      budget.checkIterations(index + 1);
      status['index'] = index;
      status['count'] = index + 1;
      status['first'] = index === 0;
      status['last'] = index === elements.length - 1;
      status['hasNext'] = index < elements.length - 1;
      variables.set(variable, element).set('velocityCount', index + 1);
      ended = renderBody(frame);
      if (ended !== 'next') {
        break;
      }
    }
    // What the loop's names meant before holds again after it.
    names.forEach((name, index) => variables.set(name, outer[index] ?? null));
    return ended === 'break' ? 'next' : ended;
  };
}
