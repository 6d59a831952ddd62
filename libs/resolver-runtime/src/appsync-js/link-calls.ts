import type {
  AnyNode,
  CallExpression,
  Expression,
  MemberExpression,
  Node,
  Super,
  TaggedTemplateExpression,
} from 'acorn';
import type { Builtin, RunBuiltin } from './builtins/builtin.js';
import { callbackMethods } from './builtins/callback-methods.js';
import type { CallbackMethod } from './builtins/callback-methods.js';
import { hintFor, isPlanned } from './builtins/hints.js';
import { globalValues } from './builtins/index.js';
import { listMethods } from './builtins/list-methods.js';
import { textMethods } from './builtins/text-methods.js';
import { BuiltinPaths, propertyName } from './builtin-paths.js';
import type { BuiltinPath } from './builtin-paths.js';
import type { FaultList } from './fault-list.js';
import type { Names, Unit } from './scope.js';
import { evaluatedChildren, isFunctionNode, isFunctionValue } from './tree.js';

/** What a call calls: known at load, since functions are no values. */
export type CallTarget =
  | { readonly kind: 'builtin'; readonly run: RunBuiltin }
  | { readonly kind: 'function'; readonly unit: Unit }
  | { readonly kind: 'method'; readonly name: string }
  | { readonly kind: 'callback'; readonly name: string; readonly method: CallbackMethod; readonly callback: Unit };

export interface Links {
  readonly calls: ReadonlyMap<CallExpression, CallTarget>;
  readonly tags: ReadonlyMap<TaggedTemplateExpression, Extract<Builtin, { kind: 'tag' }>['run']>;
  /** Values of constants that are another name for something of the language: nothing to evaluate. */
  readonly aliases: ReadonlySet<Node>;
}

/** Finds what every call calls, and reports functions that are used as values. */
export function linkCalls(names: Names, faults: FaultList): Links {
  return new CallLinker(names, faults).link();
}

const asValue = 'Functions can be called and given to methods of arrays, like list.map(f).';

class CallLinker {
  private readonly calls = new Map<CallExpression, CallTarget>();
  private readonly tags = new Map<TaggedTemplateExpression, Extract<Builtin, { kind: 'tag' }>['run']>();
  private readonly aliases = new Set<Node>();
  private readonly paths: BuiltinPaths;

  constructor(
    private readonly names: Names,
    private readonly faults: FaultList,
  ) {
    this.paths = new BuiltinPaths(names);
  }

  link(): Links {
    this.visit(this.names.program.node, this.names.program);
    const { calls, tags, aliases } = this;
    return { calls, tags, aliases };
  }

  /** `unit` is the function that the node is part of. */
  private visit(node: AnyNode, unit: Unit): void {
    switch (node.type) {
      case 'CallExpression':
        this.linkCall(node, unit);
        return;
      case 'TaggedTemplateExpression':
        this.linkTag(node, unit);
        return;
      case 'Identifier':
      case 'MemberExpression':
        this.visitValue(node, unit);
        return;
      case 'VariableDeclarator': {
        if (node.id.type !== 'Identifier') {
          this.visit(node.id, unit);
        }
        if (!node.init) {
          return;
        }
        const binding = this.names.references.get(node.id);
        if (binding?.init === node.init && this.paths.find(node.init)?.kind === 'builtin') {
          this.aliases.add(node.init);
        } else if (binding?.function?.node === node.init) {
          this.visitFunction(binding.function);
        } else {
          this.visit(node.init, unit);
        }
        return;
      }
      case 'FunctionDeclaration':
        this.visitFunction(this.unitOf(node));
        return;
      case 'Property':
        if (node.method || node.kind !== 'init') {
          // Reported as what it is.
          this.visitFunction(this.unitOf(node.value));
          return;
        }
        break;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.faults.add(node, 'a function is used as a value', asValue);
        this.visitFunction(this.unitOf(node));
        return;
    }
    for (const child of evaluatedChildren(node)) {
      this.visit(child, unit);
    }
  }

  private unitOf(node: Node): Unit {
    const unit = this.names.units.get(node);
    if (unit === undefined) {
      throw new Error('a function without a unit');
    }
    return unit;
  }

  private visitFunction(unit: Unit): void {
    const { node } = unit;
    if (isFunctionNode(node)) {
      for (const part of [...node.params, node.body]) {
        this.visit(part, unit);
      }
    }
  }

  /** A name or property that is read: not of a function, and nothing of the language but its constants. */
  private visitValue(node: AnyNode & { type: 'Identifier' | 'MemberExpression' }, unit: Unit): void {
    const found = this.paths.find(node);
    if (found !== undefined) {
      if (!this.reportMissing(found, node)) {
        this.faults.add(node, `${found.path} is used as a value`, 'It can only be called.');
      }
      return;
    }
    if (node.type === 'Identifier' && this.names.references.get(node)?.kind === 'function') {
      this.faults.add(node, `the function ${node.name} is used as a value`, asValue);
      return;
    }
    if (node.type === 'MemberExpression') {
      for (const child of evaluatedChildren(node)) {
        this.visit(child, unit);
      }
    }
  }

  /** Reports a path that leads nowhere. True when it did. */
  private reportMissing(found: BuiltinPath, node: Node): boolean {
    if (found.kind === 'builtin') {
      return false;
    }
    const { path } = found;
    if (isPlanned(path)) {
      this.faults.add(node, `${path} is not available yet`, 'docs/reference/resolvers.md lists what is.');
    } else {
      this.faults.add(node, `there is no ${path}`, hintFor(path));
    }
    return true;
  }

  private linkCall(node: CallExpression, unit: Unit): void {
    const target = this.findTarget(node, unit);
    if (target !== undefined) {
      this.calls.set(node, target);
    }
    if (target?.kind === 'function') {
      unit.calls.push({ unit: target.unit, node });
    }
    if (target?.kind === 'callback') {
      unit.calls.push({ unit: target.callback, node });
    }
    node.arguments.forEach((argument, index) => {
      if (!isFunctionValue(argument)) {
        const isCallback = index === 0 && target?.kind === 'callback';
        if (!isCallback) {
          this.visit(argument, unit);
        }
        return;
      }
      // Of a call that is at fault, its arguments need not be.
      if (target !== undefined && (index > 0 || target.kind !== 'callback')) {
        this.faults.add(argument, 'a function is given to a function', 'Only methods of arrays take functions.');
      }
      this.visitFunction(this.unitOf(argument));
    });
  }

  private findTarget(node: CallExpression, unit: Unit): CallTarget | undefined {
    const { callee } = node;
    const found = this.paths.find(callee);
    if (found?.kind === 'builtin') {
      if (found.builtin.kind === 'function') {
        return { kind: 'builtin', run: found.builtin.run };
      }
      const isTag = found.builtin.kind === 'tag';
      const hint = isTag ? `Write ${found.path}\`…\`.` : hintFor(found.path);
      this.faults.add(callee, `${found.path} is not a function`, hint);
      return undefined;
    }
    if (found !== undefined) {
      this.reportMissing(found, callee);
      return undefined;
    }
    if (isFunctionValue(callee)) {
      const called = this.unitOf(callee);
      this.visitFunction(called);
      return { kind: 'function', unit: called };
    }
    if (callee.type === 'MemberExpression') {
      this.visit(callee.object, unit);
      return this.findMethod(node, callee, unit);
    }
    return this.findFunction(callee, unit);
  }

  private findFunction(callee: Expression | Super, unit: Unit): CallTarget | undefined {
    const called = this.names.references.get(callee)?.function;
    if (called !== undefined) {
      return { kind: 'function', unit: called };
    }
    if (callee.type !== 'Identifier') {
      this.visit(callee, unit);
    }
    if (!this.isUnknown(callee)) {
      const hint = 'A function is called by the name it is declared with: const f = (x) => …';
      this.faults.add(callee, 'this calls a value that is no function', hint);
    }
    return undefined;
  }

  private findMethod(node: CallExpression, callee: MemberExpression, unit: Unit): CallTarget | undefined {
    const name = propertyName(callee);
    if (name === undefined) {
      if (callee.computed) {
        this.visit(callee.property, unit);
      }
      this.faults.add(callee.property, 'this calls a method by a computed name', 'Write the name: text.trim().');
      return undefined;
    }
    const method = callbackMethods.get(name);
    if (method !== undefined) {
      return this.findCallback(node, name, method);
    }
    if (!textMethods.has(name) && !listMethods.has(name)) {
      if (this.isUnknown(callee.object)) {
        return undefined;
      }
      this.faults.add(callee.property, `there is no method ${name}`, hintFor(`.${name}`));
      return undefined;
    }
    if (name === 'sort' && node.arguments[0] !== undefined) {
      this.faults.add(
        node.arguments[0],
        'sort takes no function',
        'It sorts by text; sort in the data source for another order.',
      );
    }
    return { kind: 'method', name };
  }

  /** A name that means nothing: that is the fault to report, not what is done with it. */
  private isUnknown(node: Expression | Super): boolean {
    const binding = this.names.references.get(node);
    return node.type === 'Identifier' && !globalValues.has(node.name) && (binding?.kind ?? 'unknown') === 'unknown';
  }

  private findCallback(node: CallExpression, name: string, method: CallbackMethod): CallTarget | undefined {
    const [callback] = node.arguments;
    const unit =
      callback && (isFunctionValue(callback) ? this.unitOf(callback) : this.names.references.get(callback)?.function);
    if (unit === undefined) {
      const hint = `Write ${name}((item) => …), or give the name of a function of this file.`;
      this.faults.add(callback ?? node, `${name} expects a function`, hint);
      return undefined;
    }
    return { kind: 'callback', name, method, callback: unit };
  }

  private linkTag(node: TaggedTemplateExpression, unit: Unit): void {
    const found = this.paths.find(node.tag);
    if (found?.kind === 'builtin' && found.builtin.kind === 'tag') {
      this.tags.set(node, found.builtin.run);
    } else {
      this.faults.add(node.tag, 'this tag is not supported', 'Only sql of @aws-appsync/utils/rds can be a tag.');
    }
    this.visit(node.quasi, unit);
  }
}
