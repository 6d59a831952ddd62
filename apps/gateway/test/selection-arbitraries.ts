import fc from 'fast-check';
import type { JsonValue } from '#libs/protocol';

/** A schema, a subscription to it, and an event. The document need not be valid: what merges fields that differ is among them. */
export interface SelectionCase {
  readonly schema: string;
  readonly document: string;
  /** Another one for the same schema. */
  readonly otherDocument: string;
  readonly variables: { readonly yes: boolean; readonly no: boolean };
  /** Fits the schema, but for nulls and missing members, which are anywhere. */
  readonly payload: JsonValue;
}

/**
 * Any case. What it is made of is drawn from a list of numbers, which fast-check makes shorter and smaller where a test fails,
 * and from what follows from the last of them when they are used up.
 */
export const arbitraryCase: fc.Arbitrary<SelectionCase> = fc
  .array(fc.nat(999), { minLength: 1, maxLength: 60, size: 'max' })
  .map((numbers) => new Drawing(numbers).drawCase())
  // Longer ones could select more fields than a subscription may.
  .filter(({ document, otherDocument }) => document.length + otherDocument.length < 8_000)
  .map((one) => ({ ...one, toString: () => JSON.stringify(one, null, 2) }));

const objectTypes = ['Board', 'Task', 'User'] as const;
const abstractTypes = ['Named', 'Item'] as const;
const leafTypes = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Status', 'AWSJSON'] as const;
const fieldNames = ['id', 'title', 'parent', 'items', 'note'] as const;
const fragments = ['F0', 'F1', 'F2'] as const;
const texts = ['', 'Paint', 'say "hi"\\', 'line\nbreak\u0000', 'Dächer 🐦', '\u2028', 'x'.repeat(70), '\ud83d', 'null'];
const json: readonly JsonValue[] = [{ a: [1, null], b: { c: 'd"' } }, [], 7, 'text', false];

type Fields = ReadonlyMap<string, string>;

class Drawing {
  private next = 0;
  private last = 0;
  /** Fields of each object type, by name; those of `Named` are the same in all. */
  private readonly types = new Map<string, Fields>();

  constructor(private readonly numbers: readonly number[]) {}

  drawCase(): SelectionCase {
    const named = this.fields(['name']);
    for (const type of objectTypes) this.types.set(type, new Map([...named, ...this.fields(fieldNames)]));
    this.types.set('Named', named);
    const root = this.rootType();
    return {
      schema: this.schema(root),
      document: this.document(root),
      otherDocument: this.document(root),
      variables: { yes: true, no: false },
      payload: this.value(root, 4),
    };
  }

  private draw(): number {
    this.last = this.numbers[this.next] ?? (this.last * 75 + 74) % 65_537;
    this.next += 1;
    return this.last;
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.draw() % from.length]!;
  }

  /** True about once in so many times. */
  private once(inTimes: number): boolean {
    return this.draw() % inTimes === inTimes - 1;
  }

  private fields(names: readonly string[]): Fields {
    return new Map(names.map((name) => [name, this.type()]));
  }

  private type(): string {
    let type: string = this.pick([...leafTypes, ...objectTypes, ...objectTypes, ...abstractTypes]);
    for (let levels = this.draw() % 6; levels > 3; levels -= 1) type = `[${type}${this.once(3) ? '!' : ''}]`;
    return this.once(4) ? `${type}!` : type;
  }

  private rootType(): string {
    return this.pick(['Task', 'Task', 'Task!', 'Board', 'Named', 'Item!', '[Task]', '[Item!]!', 'Int']);
  }

  private schema(root: string): string {
    const body = (type: string): string => [...this.types.get(type)!].map(([name, of]) => `${name}: ${of}`).join(' ');
    return [
      'scalar AWSJSON enum Status { OPEN DONE } type Query { id: ID }',
      `type Subscription { onTask: ${root} }`,
      `interface Named { ${body('Named')} } union Item = Board | Task`,
      ...objectTypes.map((type) => `type ${type} implements Named { ${body(type)} }`),
    ].join('\n');
  }

  private document(root: string): string {
    const definitions = fragments.map((name, index) => {
      const type = this.pick([...objectTypes, ...abstractTypes]);
      return `fragment ${name} on ${type} { ${this.selection(type, 1, index + 1)} }`;
    });
    const alias = this.once(4) ? 'made: ' : '';
    const fields = this.field(root, 3, 0);
    return `subscription ($yes: Boolean!, $no: Boolean!) { ${alias}onTask ${fields} }\n${definitions.join('\n')}`;
  }

  /** What follows a field's name. A fragment may spread those after it, the first of which is `fromFragment`. */
  private field(type: string, depth: number, fromFragment: number): string {
    const named = namedType(type);
    return isLeaf(named) ? '' : `{ ${this.selection(named, depth - 1, fromFragment)} }`;
  }

  private selection(type: string, depth: number, fromFragment: number): string {
    const parts = [this.leafSelection(type)];
    for (let more = this.draw() % 5; more > 0; more -= 1) parts.push(this.part(type, depth, fromFragment));
    return parts.join(' ');
  }

  private leafSelection(type: string): string {
    const leaves = [...(this.types.get(type) ?? [])].filter(([, of]) => isLeaf(namedType(of))).map(([name]) => name);
    return this.pick(['__typename', ...leaves]);
  }

  private part(type: string, depth: number, fromFragment: number): string {
    const condition = this.pick(['', '', '', ' @skip(if: $no)', ' @skip(if: $yes)', ' @include(if: $yes)']);
    const spread = fragments.slice(fromFragment);
    if (this.once(5) && spread.length > 0) return `...${this.pick(spread)}${condition}`;
    if (depth <= 0) return this.leafSelection(type) + condition;
    if (this.once(4)) {
      const on = this.pick([type, ...objectTypes, ...abstractTypes]);
      return `... on ${on}${condition} { ${this.selection(on, depth - 1, fromFragment)} }`;
    }
    const fields = [...(this.types.get(type) ?? [])];
    if (fields.length === 0) return this.leafSelection(type) + condition;
    const [name, of] = this.pick(fields);
    const alias = this.pick(['', '', '', 'a: ', 'b: ']);
    return `${alias}${name}${condition} ${this.field(of, depth, fromFragment)}`;
  }

  private value(type: string, depth: number): JsonValue {
    if (this.once(type.endsWith('!') ? 40 : 20)) return null;
    const nullable = type.replace(/!$/, '');
    if (nullable.startsWith('[')) {
      return Array.from({ length: this.draw() % 4 }, () => this.value(nullable.slice(1, -1), depth));
    }
    if (isLeaf(nullable)) return this.leaf(nullable);
    const name = nullable === 'Item' ? this.pick(['Board', 'Task']) : this.pick(objectTypes);
    const typeName = isAbstract(nullable) ? name : nullable;
    const payload: Record<string, JsonValue> = isAbstract(nullable) ? { __typename: typeName } : {};
    if (depth <= 0) return payload;
    for (const [field, of] of this.types.get(typeName)!) {
      if (!this.once(20)) payload[field] = this.value(of, depth - 1);
    }
    return payload;
  }

  private leaf(type: string): JsonValue {
    switch (type) {
      case 'Int':
        return this.pick([0, 7, -12, 2 ** 31 - 1]);
      case 'Float':
        return this.pick([-0, 1.5, 1e21, 5e-324, 3]);
      case 'Boolean':
        return this.once(2);
      case 'Status':
        return this.pick(['OPEN', 'DONE']);
      case 'AWSJSON':
        return this.pick(json);
      default:
        return this.pick(texts);
    }
  }
}

function namedType(type: string): string {
  return type.replace(/[[\]!]/g, '');
}

function isLeaf(type: string): boolean {
  return (leafTypes as readonly string[]).includes(type);
}

function isAbstract(type: string): boolean {
  return (abstractTypes as readonly string[]).includes(type);
}
