import type { CallExpression, Expression, Node, Program } from 'acorn';
import type { Builtin } from './builtins/builtin.js';
import type { FunctionNode } from './tree.js';

/** A function, or the file as a whole. */
export interface Unit {
  readonly node: FunctionNode | Program;
  /** As errors call it. */
  readonly name: string;
  /** Slots of `var`: undefined at each call. */
  readonly varSlots: number[];
  /** Calls of other functions of the file, array methods that call them among them. */
  readonly calls: { readonly unit: Unit; readonly node: CallExpression }[];
}

/** What a name in the file stands for. */
export interface Binding {
  readonly name: string;
  /** `unknown` is what another fault of the file already is about: a class, an import from nowhere. */
  readonly kind: 'variable' | 'constant' | 'function' | 'import' | 'unknown';
  readonly slot: number;
  /** Where it is declared. */
  readonly unit: Unit;
  /** Position from which the code of its unit may use it; 0 for what is hoisted. */
  readonly usableFrom: number;
  /** The function that a name of kind `function` has. */
  readonly function?: Unit;
  /** What an import stands for; undefined for a type, which is nothing at run. */
  readonly imported?: Builtin | undefined;
  /** The value of a constant. */
  readonly init?: Expression;
}

/** Names of one block, and of those around it. */
export class Scope {
  private readonly bindings = new Map<string, Binding>();

  constructor(
    readonly unit: Unit,
    private readonly outer?: Scope,
  ) {}

  /** A name that is there already keeps its meaning: the parser refuses all repetitions but those of `var`. */
  declare(binding: Binding): void {
    if (!this.bindings.has(binding.name)) {
      this.bindings.set(binding.name, binding);
    }
  }

  has(name: string): boolean {
    return this.bindings.has(name);
  }

  find(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.outer?.find(name);
  }
}

/** What the names of a file mean. */
export interface Names {
  readonly program: Unit;
  /** By the identifier that refers to it; those of the language are not in it. */
  readonly references: ReadonlyMap<Node, Binding>;
  readonly units: ReadonlyMap<Node, Unit>;
  /** By the name it is exported under. */
  readonly exports: ReadonlyMap<string, { readonly binding: Binding | undefined; readonly node: Node }>;
  readonly slotCount: number;
}
