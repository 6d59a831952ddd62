import { slotBytes } from '../../budget.js';
import type { UtilCall } from '../../util/util-function.js';
import { createMap, isList, readKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { codeError } from '../payload.js';
import { readSealedType } from './seal.js';
import type { SealedType } from './seal.js';
import { isTypeHint } from './type-hints.js';

/** How a database wants its SQL. */
export interface Dialect {
  /** The builder's name in error texts. */
  readonly builder: 'createPgStatement' | 'createMySQLStatement';
  /** The character around identifiers. */
  readonly quote: '"' | '`';
  /** Whether statements may end with RETURNING. */
  readonly hasReturning: boolean;
}

/** What all statements of one request share: the dialect, and variables numbered `:P0`, `:P1`, … */
export class SqlWriter {
  readonly variables: ValueMap = createMap();
  readonly typeHints: ValueMap = createMap();
  private variableCount = 0;

  constructor(
    readonly dialect: Dialect,
    private readonly call: UtilCall,
  ) {}

  sealedType(value: Value | undefined): SealedType | undefined {
    return readSealedType(value, this.call.run);
  }

  /** `schema.table` with each part in quotes; a quote inside is doubled. `*` alone stays. */
  identifier(name: string): string {
    if (name === '*') {
      return name;
    }
    const { quote } = this.dialect;
    const quoted = name
      .split('.')
      .map((part) => quote + part.replaceAll(quote, quote + quote) + quote)
      .join('.');
    return this.count(quoted);
  }

  /** A value as a variable, or the word NULL. */
  value(value: Value): string {
    return value === null ? 'NULL' : this.bind(value);
  }

  bind(value: Value): string {
    if (this.sealedType(value) !== undefined) {
      throw codeError('A statement cannot be used as a value.');
    }
    const name = `:P${this.variableCount}`;
    this.variableCount += 1;
    this.call.budget.step();
    this.call.budget.spend(2 * slotBytes);
    if (isTypeHint(value)) {
      this.variables[name] = readKey(value, 'value');
      this.typeHints[name] = readKey(value, 'type');
    } else {
      this.variables[name] = value;
    }
    return name;
  }

  /** The text of a `sql` template with its values bound. */
  template(template: ValueMap): string {
    const strings = readKey(template, 'strings');
    const values = readKey(template, 'values');
    if (!isList(strings) || !isList(values)) {
      throw codeError('Unexpected argument passed to sql tagged template');
    }
    let text = '';
    strings.forEach((piece, index) => {
      text += typeof piece === 'string' ? piece : '';
      text += index < values.length ? this.value(values[index] ?? null) : '';
    });
    return this.count(text);
  }

  /** Clauses one after the other. One that is empty leaves no trace but the keyword before it, as in AWS. */
  clauses(parts: readonly string[]): string {
    return this.count(
      parts
        .filter((part) => part !== '')
        .join(' ')
        .trimEnd(),
    );
  }

  /** Goes one level into what may be nested; {@link leave} comes back. */
  enter(): void {
    this.call.budget.enter();
  }

  leave(): void {
    this.call.budget.leave();
  }

  /** Counts a text that was made. */
  count(text: string): string {
    this.call.budget.step();
    this.call.budget.spend(text.length);
    return text;
  }
}
