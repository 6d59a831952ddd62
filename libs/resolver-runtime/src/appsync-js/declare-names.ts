import type { AnyNode, Identifier, ImportDeclaration, Literal, Node, Pattern, VariableDeclaration } from 'acorn';
import { modules } from './builtins/index.js';
import type { FaultList } from './fault-list.js';
import type { Binding, Scope, Unit } from './scope.js';
import { childrenOf, isFunctionNode, isFunctionValue, namesIn } from './tree.js';
import type { FunctionNode } from './tree.js';

/** The text of a name in an import or export: `a`, or `'a'`. */
export function exportedName(node: Identifier | Literal): string {
  return node.type === 'Identifier' ? node.name : String(node.value);
}

/** Not an expression, which most nodes are: a `var` is a statement, and functions have their own. */
function mayHoldVar({ type }: Node): boolean {
  return (
    type === 'VariableDeclaration' ||
    type === 'SwitchCase' ||
    type === 'CatchClause' ||
    type === 'ExportNamedDeclaration' ||
    (type.endsWith('Statement') && type !== 'ExpressionStatement' && type !== 'ReturnStatement')
  );
}

/** Gives every name that a file declares its slot, and every function its unit. */
export class Declarations {
  readonly units = new Map<Node, Unit>();
  slotCount = 0;

  constructor(private readonly faults: FaultList) {}

  /** The unit of a function: made where its name is declared, or where it stands without one. */
  unitOf(node: FunctionNode, name: string): Unit {
    const unit = this.units.get(node) ?? { node, name, varSlots: [], calls: [] };
    this.units.set(node, unit);
    return unit;
  }

  declare(scope: Scope, name: string, details: Omit<Binding, 'name' | 'slot' | 'unit'>): void {
    scope.declare({ name, slot: this.slotCount, unit: scope.unit, ...details });
    this.slotCount += 1;
  }

  /** Variables that hold what is there from the start: parameters, what a `catch` got. */
  declareParameters(patterns: readonly (Pattern | null)[], scope: Scope): void {
    for (const { name } of patterns.flatMap(namesIn)) {
      this.declare(scope, name, { kind: 'variable', usableFrom: 0 });
    }
  }

  /** Every `var` below a function's body or the file, but not in functions below; a parameter of that name is the same. */
  declareVars(node: AnyNode, scope: Scope, parameters?: Scope): void {
    for (const child of childrenOf(node)) {
      if (isFunctionNode(child) || !mayHoldVar(child)) {
        continue;
      }
      if (child.type === 'VariableDeclaration' && child.kind === 'var') {
        this.declareVariables(child, scope, { usableFrom: 0, parameters });
      }
      this.declareVars(child, scope, parameters);
    }
  }

  /** What the statements of one block declare, apart from `var`. */
  declareAll(statements: readonly AnyNode[], scope: Scope): void {
    for (const statement of statements) {
      const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
      const declaration = isExport ? statement.declaration : statement;
      switch (declaration?.type) {
        case 'FunctionDeclaration':
          if (declaration.id) {
            const { name } = declaration.id;
            this.declare(scope, name, { kind: 'function', usableFrom: 0, function: this.unitOf(declaration, name) });
          }
          break;
        case 'ClassDeclaration':
          if (declaration.id) {
            this.declare(scope, declaration.id.name, { kind: 'unknown', usableFrom: declaration.end });
          }
          break;
        case 'VariableDeclaration':
          if (declaration.kind !== 'var') {
            this.declareVariables(declaration, scope);
          }
          break;
        case 'ImportDeclaration':
          this.declareImports(declaration, scope);
      }
    }
  }

  /** The names of `const`, `let` and `var`, each usable from the end of its declarator unless told otherwise. */
  declareVariables(
    { kind, declarations }: VariableDeclaration,
    scope: Scope,
    { usableFrom, parameters }: { usableFrom?: number; parameters?: Scope | undefined } = {},
  ): void {
    for (const { id, init, end } of declarations) {
      const details = { usableFrom: usableFrom ?? end };
      const names = namesIn(id).filter(({ name }) => parameters?.has(name) !== true);
      for (const { name } of names) {
        if (id.type === 'Identifier' && init && isFunctionValue(init)) {
          this.declare(scope, name, { kind: 'function', ...details, function: this.unitOf(init, name) });
        } else if (kind === 'const') {
          const known = id.type === 'Identifier' && init ? { init } : {};
          this.declare(scope, name, { kind: 'constant', ...details, ...known });
        } else {
          if (kind === 'var') {
            scope.unit.varSlots.push(this.slotCount);
          }
          this.declare(scope, name, { kind: 'variable', ...details });
        }
      }
    }
  }

  private declareImports({ source, specifiers }: ImportDeclaration, scope: Scope): void {
    const module = modules.get(String(source.value));
    if (module === undefined) {
      const known = [...modules.keys()].join(', ');
      const message = `there is no module ${JSON.stringify(source.value)}`;
      this.faults.add(source, message, `Handlers can import ${known}; bundle all else.`);
    }
    for (const specifier of specifiers) {
      const isMember = specifier.type === 'ImportSpecifier';
      const imported = isMember ? module?.members.get(exportedName(specifier.imported)) : module;
      // Of a module that does not exist, nothing more needs to be said.
      const kind = module === undefined ? 'unknown' : 'import';
      this.declare(scope, specifier.local.name, { kind, usableFrom: 0, imported });
    }
  }
}
