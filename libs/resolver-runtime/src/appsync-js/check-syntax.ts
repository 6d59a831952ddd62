import type { AnyNode, Property } from 'acorn';
import { isReservedKey } from '../values.js';
import type { FaultList } from './fault-list.js';

/** What a handler may not use, and what to write instead (AppSync reference, section 7.6). */
interface Refusal {
  readonly message: string;
  readonly hint: string;
}

function refuse(message: string, hint: string): Refusal {
  return Object.freeze({ message, hint });
}

const noExceptions = 'End the field with util.error(…), or test before you act.';
const noLoops = 'Go through a list with for-of or an array method like map.';
const noClasses = 'Use plain objects and functions.';
const noAsync = 'Handlers run at once: the data source is called between request and response.';
const namedExports = 'Export functions named request and response.';

/** Node types that are refused wherever they stand. */
const refusedTypes: ReadonlyMap<string, Refusal> = new Map([
  ['TryStatement', refuse('try is not supported', noExceptions)],
  ['ThrowStatement', refuse('throw is not supported', 'End the field with util.error(message, type).')],
  ['WhileStatement', refuse('while is not supported', noLoops)],
  ['DoWhileStatement', refuse('do-while is not supported', noLoops)],
  ['ForStatement', refuse('for(;;) is not supported', noLoops)],
  ['ContinueStatement', refuse('continue is not supported', 'Put the rest of the loop into an if.')],
  ['LabeledStatement', refuse('labels are not supported', 'Put the loop into a function and leave it with return.')],
  ['DebuggerStatement', refuse('debugger is not supported', 'Write to the log with console.log(…).')],
  ['ClassDeclaration', refuse('classes are not supported', noClasses)],
  ['ClassExpression', refuse('classes are not supported', noClasses)],
  ['ThisExpression', refuse('this is not supported', 'Pass what a function needs as an argument.')],
  ['NewExpression', refuse('new is not supported', 'Use literals, and util.time for dates.')],
  ['YieldExpression', refuse('yield is not supported', 'Return a list.')],
  ['AwaitExpression', refuse('await is not supported', noAsync)],
  ['ImportExpression', refuse('import() is not supported', 'Import at the top of the file.')],
  ['MetaProperty', refuse('import.meta and new.target are not supported', 'Read settings from ctx.env.')],
  ['ExportDefaultDeclaration', refuse('a default export is not supported', namedExports)],
  ['ExportAllDeclaration', refuse('export * is not supported', namedExports)],
  ['UpdateExpression', refuse('++ and -- are not supported', 'Write += 1 or -= 1.')],
]);

/** What is refused by more than its type. */
function refuseByDetail(node: AnyNode): Refusal | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.async
        ? refuse('async functions are not supported', noAsync)
        : node.generator
          ? refuse('generators are not supported', 'Return a list.')
          : undefined;
    case 'ForOfStatement':
      return node.await ? refuse('for await is not supported', noLoops) : undefined;
    case 'UnaryExpression':
      return node.operator === '~' ? refuse('~ is not supported', 'Write -x - 1 for ~x.') : refuseDelete(node);
    case 'BinaryExpression':
      if (node.operator === 'in') {
        return refuse('the operator in is not supported', 'Use Object.hasOwn(object, key).');
      }
      return node.operator === 'instanceof'
        ? refuse('instanceof is not supported', 'Values have no class; use typeof.')
        : undefined;
    case 'Literal':
      return refuseLiteral(node);
    case 'Property':
      if (node.method) {
        return refuse('methods in objects are not supported', 'Write a function beside the object.');
      }
      return node.kind === 'init'
        ? undefined
        : refuse('getters and setters are not supported', 'Write a function beside the object.');
    case 'ObjectExpression':
      return node.properties.some((property) => property.type === 'Property' && isReserved(property))
        ? refuse('the keys __proto__, constructor and prototype are reserved', 'Use another name.')
        : undefined;
    case 'VariableDeclaration':
      return node.kind.endsWith('using') ? refuse('using is not supported', 'Use const or let.') : undefined;
    case 'ExportNamedDeclaration':
      return node.source ? refuse('exports of another file are not supported', namedExports) : undefined;
    default:
      return undefined;
  }
}

function isReserved({ key, computed }: Property): boolean {
  const name = key.type === 'Identifier' && !computed ? key.name : key.type === 'Literal' ? String(key.value) : '';
  return isReservedKey(name);
}

function refuseDelete(node: AnyNode & { type: 'UnaryExpression' }): Refusal | undefined {
  const target = node.argument.type === 'ChainExpression' ? node.argument.expression : node.argument;
  return node.operator === 'delete' && target.type !== 'MemberExpression'
    ? refuse('delete takes a property', 'Write delete object.key.')
    : undefined;
}

function refuseLiteral({ regex, bigint }: AnyNode & { type: 'Literal' }): Refusal | undefined {
  if (regex) {
    return refuse(
      'regular expression literals are not supported',
      'Give the pattern as a string: util.matches(pattern, text), text.replace(pattern, …).',
    );
  }
  return bigint === undefined
    ? undefined
    : refuse('BigInt is not supported', 'Use a number, or a string for many digits.');
}

/** Reports a node that AppSync refuses; those below it are for the caller to go through. */
export function checkSyntax(node: AnyNode, faults: FaultList): void {
  const refusal = refusedTypes.get(node.type) ?? refuseByDetail(node);
  if (refusal !== undefined) {
    faults.add(node, refusal.message, refusal.hint);
  }
}
