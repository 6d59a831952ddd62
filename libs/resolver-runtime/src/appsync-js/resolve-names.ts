import type { AnyNode, Identifier, Node, Program } from 'acorn';
import { hintFor } from './builtins/hints.js';
import { globals, globalValues } from './builtins/index.js';
import { Declarations, exportedName } from './declare-names.js';
import type { FaultList } from './fault-list.js';
import { Scope } from './scope.js';
import type { Binding, Names, Unit } from './scope.js';
import { childrenOf, evaluatedChildren, namesIn } from './tree.js';
import type { FunctionNode } from './tree.js';

/** Finds what every name of the file means, and reports those that mean nothing or cannot be used where they are. */
export function resolveNames(program: Program, faults: FaultList): Names {
  return new NameResolver(program, faults).resolve();
}

type Loop = AnyNode & { type: 'ForInStatement' | 'ForOfStatement' };

/** What gives a pattern its values: the function a declaration begins with, something else, or an assignment. */
type Giver = Node | 'declaration' | 'assignment';

class NameResolver {
  private readonly declarations: Declarations;
  private readonly references = new Map<Node, Binding>();
  private readonly exports = new Map<string, { binding: Binding | undefined; node: Node }>();
  private readonly file: Unit;

  constructor(
    private readonly program: Program,
    private readonly faults: FaultList,
  ) {
    this.declarations = new Declarations(faults);
    this.file = { node: program, name: 'the file', varSlots: [], calls: [] };
  }

  resolve(): Names {
    const { declarations, references, exports } = this;
    const scope = new Scope(this.file);
    declarations.declareVars(this.program, scope);
    this.visitBlock(this.program.body, scope);
    for (const statement of this.program.body) {
      this.collectExports(statement, scope);
    }
    return { program: this.file, references, exports, units: declarations.units, slotCount: declarations.slotCount };
  }

  private collectExports(statement: AnyNode, scope: Scope): void {
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) {
      return;
    }
    const { declaration, specifiers } = statement;
    const declared =
      declaration?.type === 'VariableDeclaration'
        ? declaration.declarations.flatMap(({ id }) => namesIn(id))
        : declaration
          ? [declaration.id]
          : [];
    for (const id of declared) {
      this.exports.set(id.name, { binding: scope.find(id.name), node: id });
    }
    for (const { local, exported } of specifiers) {
      this.exports.set(exportedName(exported), { binding: scope.find(exportedName(local)), node: local });
    }
  }

  private visit(node: AnyNode, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        this.refer(node, scope);
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.visitFunction(node, scope);
        break;
      case 'BlockStatement':
        this.visitBlock(node.body, new Scope(scope.unit, scope));
        break;
      case 'SwitchStatement': {
        this.visit(node.discriminant, scope);
        const statements = node.cases.flatMap(({ consequent }) => consequent);
        this.visitBlock(node.cases, new Scope(scope.unit, scope), statements);
        break;
      }
      case 'ForInStatement':
      case 'ForOfStatement':
        this.visitLoop(node, new Scope(scope.unit, scope));
        break;
      case 'ForStatement':
        this.visitBlock(childrenOf(node), new Scope(scope.unit, scope));
        break;
      case 'CatchClause': {
        const inner = new Scope(scope.unit, scope);
        this.declarations.declareParameters([node.param ?? null], inner);
        if (node.param) {
          this.visitPattern(node.param, inner, 'declaration');
        }
        this.visit(node.body, inner);
        break;
      }
      case 'VariableDeclarator':
        this.visitPattern(node.id, scope, node.init ?? 'declaration');
        if (node.init) {
          this.visit(node.init, scope);
        }
        break;
      case 'AssignmentExpression':
        this.visitPattern(node.left, scope, 'assignment');
        this.visit(node.right, scope);
        break;
      case 'UpdateExpression':
        this.visitPattern(node.argument, scope, 'assignment');
        break;
      default:
        for (const child of evaluatedChildren(node)) {
          this.visit(child, scope);
        }
    }
  }

  /** Nodes that share the scope of one block; `statements` are those among or below them that declare something. */
  private visitBlock(nodes: readonly AnyNode[], scope: Scope, statements = nodes): void {
    this.declarations.declareAll(statements, scope);
    for (const node of nodes) {
      this.visit(node, scope);
    }
  }

  private visitLoop({ left, right, body }: Loop, scope: Scope): void {
    if (left.type !== 'VariableDeclaration') {
      this.visitPattern(left, scope, 'assignment');
    } else {
      if (left.kind !== 'var') {
        this.declarations.declareVariables(left, scope, { usableFrom: right.end });
      }
      this.visit(left, scope);
    }
    this.visit(right, scope);
    this.visit(body, scope);
  }

  private visitFunction(node: FunctionNode, outer: Scope): void {
    const unit = this.declarations.unitOf(node, node.id?.name ?? 'this function');
    const named = new Scope(unit, outer);
    if (node.type === 'FunctionExpression' && node.id) {
      this.declarations.declare(named, node.id.name, { kind: 'function', usableFrom: 0, function: unit });
    }
    const parameters = new Scope(unit, named);
    this.declarations.declareParameters(node.params, parameters);
    for (const parameter of node.params) {
      this.visitPattern(parameter, parameters, 'declaration');
    }
    if (node.body.type === 'BlockStatement') {
      // A scope of its own: the default of a parameter can't see what the body declares.
      const body = new Scope(unit, parameters);
      this.declarations.declareVars(node.body, body, parameters);
      this.visitBlock(node.body.body, body);
    } else {
      this.visit(node.body, parameters);
    }
  }

  /** The targets of a declaration, a parameter or an assignment. */
  private visitPattern(pattern: AnyNode, scope: Scope, giver: Giver): void {
    switch (pattern.type) {
      case 'Identifier':
        this.give(pattern, scope, giver);
        break;
      case 'Property':
        if (pattern.computed) {
          this.visit(pattern.key, scope);
        }
        this.visitPattern(pattern.value, scope, giver);
        break;
      case 'AssignmentPattern':
        this.visitPattern(pattern.left, scope, giver);
        this.visit(pattern.right, scope);
        break;
      case 'ObjectPattern':
      case 'ArrayPattern':
      case 'RestElement':
        for (const part of childrenOf(pattern)) {
          this.visitPattern(part, scope, giver);
        }
        break;
      default:
        this.visit(pattern, scope);
    }
  }

  /** A name gets a value. */
  private give(node: Identifier, scope: Scope, giver: Giver): void {
    const binding = giver === 'assignment' ? this.refer(node, scope) : scope.find(node.name);
    if (binding === undefined) {
      if (globals.has(node.name) || globalValues.has(node.name)) {
        this.faults.add(node, `${node.name} cannot be changed`, 'Give the value a name of its own.');
      }
      return;
    }
    this.references.set(node, binding);
    if (binding.kind === 'function' && binding.function?.node !== giver) {
      this.faults.add(node, `the function ${node.name} gets another value`, 'Give the value a name of its own.');
    } else if (giver === 'assignment' && binding.kind === 'constant') {
      this.faults.add(node, `${node.name} is a constant`, 'Declare it with let.');
    } else if (giver === 'assignment' && binding.kind === 'import') {
      this.faults.add(node, `${node.name} is imported`, 'Give the value a name of its own.');
    }
  }

  /** A name is used. */
  private refer(node: Identifier, scope: Scope): Binding | undefined {
    const { name } = node;
    const binding = scope.find(name);
    if (binding === undefined) {
      if (!globals.has(name) && !globalValues.has(name)) {
        this.faults.add(node, `${name} is not available`, hintFor(name));
      }
      return undefined;
    }
    this.references.set(node, binding);
    if (node.start < binding.usableFrom && scope.unit === binding.unit) {
      this.faults.add(node, `${name} is used before it is declared`, 'Move its declaration up.');
    }
    if (binding.kind === 'import' && binding.imported === undefined) {
      this.faults.add(node, `${name} is not a value of the module it is imported from`, hintFor(name));
    }
    return binding;
  }
}
