import type { AssignmentExpression, Expression, Identifier, LogicalExpression, Super, UnaryExpression } from 'acorn';
import { globalValues } from './builtins/index.js';
import { compileChain, compileDelete, compileKey, compileLink } from './compile-chain.js';
import { compileArray, compileObject, compileTag, compileTemplate } from './compile-literals.js';
import { unexpected } from './compiler.js';
import type { Compiler } from './compiler.js';
import { toBoolean, toNumber } from './convert.js';
import { binaryOperators, findAssignmentOperator } from './operators.js';
import type { HandlerOperator } from './operators.js';
import { readProperty, writeProperty } from './properties.js';
import type { Evaluate, JsValue } from './state.js';

export function compileExpression(node: Expression | Super, compiler: Compiler): Evaluate {
  switch (node.type) {
    case 'Literal': {
      const value = node.value as JsValue;
      return () => value;
    }
    case 'Identifier':
      return compileName(node, compiler);
    case 'TemplateLiteral':
      return compileTemplate(node, compiler);
    case 'TaggedTemplateExpression':
      return compileTag(node, compiler);
    case 'ArrayExpression':
      return compileArray(node, compiler);
    case 'ObjectExpression':
      return compileObject(node, compiler);
    case 'MemberExpression':
    case 'CallExpression':
      return compileLink(node, compiler);
    case 'ChainExpression':
      return compileChain(node.expression, compiler);
    case 'UnaryExpression':
      return compileUnary(node, compiler);
    case 'BinaryExpression': {
      if (node.left.type === 'PrivateIdentifier') {
        throw unexpected(node.left);
      }
      const apply = binaryOperators[node.operator as HandlerOperator];
      const left = compiler.expression(node.left);
      const right = compiler.expression(node.right);
      return (state) => {
        state.budget.step();
        return apply(left(state), right(state), state);
      };
    }
    case 'LogicalExpression':
      return compileLogical(node.operator, compiler.expression(node.left), compiler.expression(node.right));
    case 'ConditionalExpression': {
      const test = compiler.expression(node.test);
      const consequent = compiler.expression(node.consequent);
      const alternate = compiler.expression(node.alternate);
      return (state) => (toBoolean(test(state)) ? consequent(state) : alternate(state));
    }
    case 'AssignmentExpression':
      return compileAssignment(node, compiler);
    case 'SequenceExpression': {
      const expressions = node.expressions.map((expression) => compiler.expression(expression));
      return (state) => expressions.reduce<JsValue>((_previous, evaluate) => evaluate(state), undefined);
    }
    default:
      throw unexpected(node);
  }
}

function compileName(node: Identifier, { code }: Compiler): Evaluate {
  const binding = code.names.references.get(node);
  if (binding === undefined) {
    const value = globalValues.get(node.name);
    return () => value;
  }
  const { slot } = binding;
  return ({ slots }) => slots[slot];
}

function compileUnary({ operator, argument }: UnaryExpression, compiler: Compiler): Evaluate {
  if (operator === 'delete') {
    return compileDelete(argument, compiler);
  }
  const operand = compiler.expression(argument);
  switch (operator) {
    case '!':
      return (state) => !toBoolean(operand(state));
    case '-':
      return (state) => -toNumber(operand(state), state.budget);
    case '+':
      return (state) => toNumber(operand(state), state.budget);
    case 'typeof':
      return (state) => typeof operand(state);
    case 'void':
      return (state) => {
        operand(state);
        return undefined;
      };
    default:
      throw unexpected(argument);
  }
}

function compileLogical(operator: LogicalExpression['operator'], left: Evaluate, right: Evaluate): Evaluate {
  const isDecided = decides[operator];
  return (state) => {
    const value = left(state);
    return isDecided(value) ? value : right(state);
  };
}

/** Whether the left side decides, so that the right one is not evaluated. */
const decides: Readonly<Record<LogicalExpression['operator'], (left: JsValue) => boolean>> = Object.freeze({
  '&&': (left: JsValue) => !toBoolean(left),
  '||': (left: JsValue) => toBoolean(left),
  '??': (left: JsValue) => left !== null && left !== undefined,
});

function compileAssignment({ left, operator, right }: AssignmentExpression, compiler: Compiler): Evaluate {
  const value = compiler.expression(right);
  if (operator === '=' && left.type !== 'MemberExpression') {
    const assign = compiler.pattern(left);
    return (state) => {
      const given = value(state);
      assign(given, state);
      return given;
    };
  }
  const target = compileTarget(left, compiler);
  if (operator === '=') {
    return (state) => {
      const place = target(state);
      const given = value(state);
      place.write(given);
      return given;
    };
  }
  const apply = findAssignmentOperator(operator);
  const isDecided = decides[operator.slice(0, -1) as LogicalExpression['operator']];
  return (state) => {
    const place = target(state);
    const previous = place.read();
    if (apply === undefined && isDecided(previous)) {
      return previous;
    }
    const given = apply === undefined ? value(state) : apply(previous, value(state), state);
    place.write(given);
    return given;
  };
}

/** A place that is read and written, its object and key evaluated once. */
interface Place {
  read(): JsValue;
  write(value: JsValue): void;
}

function compileTarget(
  node: AssignmentExpression['left'],
  compiler: Compiler,
): (state: Parameters<Evaluate>[0]) => Place {
  if (node.type === 'Identifier') {
    const read = compileName(node, compiler);
    const assign = compiler.pattern(node);
    return (state) => ({
      read: () => read(state),
      write: (value) => {
        assign(value, state);
      },
    });
  }
  if (node.type !== 'MemberExpression') {
    throw unexpected(node);
  }
  const object = compileLink(node.object, compiler);
  const key = compileKey(node, compiler);
  const mark = compiler.mark(node.property);
  return (state) => {
    const target = object(state);
    const name = typeof key === 'string' ? key : key(state);
    return {
      read: () => {
        mark(state);
        return readProperty(target, name, state);
      },
      write: (value) => {
        mark(state);
        writeProperty(target, name, value, state);
      },
    };
  };
}
