import { FieldError } from '#libs/protocol';
import { slotBytes } from '../budget.js';
import type { Budget } from '../budget.js';
import { createMap } from '../values.js';
import type { Value } from '../values.js';

export interface ReadJsonOptions {
  /** Take `[1,]` and `{"a":1,}`. On for rendered templates, which AppSync tolerates them in. Default false. */
  readonly trailingCommas?: boolean;
  /** Refuse a key that occurs twice. On for rendered templates; off, the last one wins. Default false. */
  readonly uniqueKeys?: boolean;
}

/**
 * Reads one JSON text into the value model. Strict (RFC 8259) apart from the options. Throws a FieldError of type
 * `MappingTemplate` with AppSync's texts for duplicate keys and trailing characters (AppSync reference, section 7.3),
 * else with the line and column of the fault.
 */
export function readJson(text: string, budget: Budget, options: ReadJsonOptions = {}): Value {
  return new JsonReader(text, budget, options).readDocument();
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;
const escapes: Readonly<Record<string, string>> = Object.freeze({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
});

class JsonReader {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly budget: Budget,
    private readonly options: ReadJsonOptions,
  ) {}

  readDocument(): Value {
    this.skipSpace();
    const value = this.readValue();
    this.skipSpace();
    if (this.position < this.text.length) {
      throw new FieldError('Trailing characters at the end of the JSON string are not allowed.', 'MappingTemplate');
    }
    return value;
  }

  private readValue(): Value {
    this.budget.step();
    switch (this.text[this.position]) {
      case '{':
        return this.readObject();
      case '[':
        return this.readArray();
      case '"':
        return this.readString();
      case 't':
        return this.readWord('true', true);
      case 'f':
        return this.readWord('false', false);
      case 'n':
        return this.readWord('null', null);
      default:
        return this.readNumber();
    }
  }

  private readWord(word: string, value: Value): Value {
    if (!this.text.startsWith(word, this.position) || /[\w$]/.test(this.text[this.position + word.length] ?? '')) {
      throw this.unexpected('a value');
    }
    this.position += word.length;
    return value;
  }

  private readNumber(): number {
    numberPattern.lastIndex = this.position;
    const match = numberPattern.exec(this.text);
    if (match === null) {
      throw this.unexpected('a value');
    }
    const value = Number(match[0]);
    if (!Number.isFinite(value)) {
      throw this.fault(`the number ${match[0].slice(0, 40)} is out of range`);
    }
    this.position += match[0].length;
    return value;
  }

  private readString(): string {
    this.position += 1;
    let result = '';
    for (;;) {
      const plain = this.takePlainText();
      this.budget.spend(plain.length);
      result += plain;
      const next = this.text[this.position];
      if (next === '"') {
        this.position += 1;
        return result;
      }
      if (next !== '\\') {
        throw next === undefined
          ? this.fault('the text ends inside a string')
          : this.unexpected('an escaped character');
      }
      result += this.readEscape();
    }
  }

  private readEscape(): string {
    const letter = this.text[this.position + 1] ?? '';
    if (letter === 'u') {
      const digits = this.text.slice(this.position + 2, this.position + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
        throw this.fault('\\u must be followed by four hexadecimal digits');
      }
      this.position += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (character === undefined) {
      throw this.fault(`unknown escape \\${letter}`);
    }
    this.position += 2;
    return character;
  }

  private readArray(): Value[] {
    const list: Value[] = [];
    this.readMembers(']', () => {
      list.push(this.readValue());
    });
    return list;
  }

  private readObject(): Value {
    const map = createMap();
    this.readMembers('}', () => {
      if (this.text[this.position] !== '"') {
        throw this.unexpected('a key in double quotes');
      }
      const key = this.readString();
      this.skipSpace();
      this.expect(':');
      this.skipSpace();
      const value = this.readValue();
      if (this.options.uniqueKeys === true && Object.hasOwn(map, key)) {
        throw new FieldError(
          `Duplicate field '${key}' detected on Object. Duplicate JSON keys are not allowed.`,
          'MappingTemplate',
        );
      }
      if (key !== '__proto__') {
        map[key] = value;
      }
    });
    return map;
  }

  /** Members separated by commas up to the closing bracket. */
  private readMembers(close: string, readMember: () => void): void {
    this.budget.enter();
    this.position += 1;
    this.skipSpace();
    let mayClose = true;
    while (!mayClose || this.text[this.position] !== close) {
      this.budget.spend(slotBytes);
      readMember();
      this.skipSpace();
      mayClose = this.options.trailingCommas === true;
      if (this.text[this.position] === close) {
        break;
      }
      this.expect(',');
      this.skipSpace();
    }
    this.position += 1;
    this.budget.leave();
  }

  private expect(character: string): void {
    if (this.text[this.position] !== character) {
      throw this.unexpected(`'${character}'`);
    }
    this.position += 1;
  }

  // Loops over characters: with patterns, these two were a third of the time of a typical handler.

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code !== space && code !== 0x0a && code !== 0x0d && code !== 0x09) {
        return;
      }
      this.position += 1;
    }
  }

  /** Takes up to the next quote, escape or control character. */
  private takePlainText(): string {
    const start = this.position;
    let end = start;
    for (; end < this.text.length; end += 1) {
      const code = this.text.charCodeAt(end);
      if (code === quote || code === backslash || code < space) {
        break;
      }
    }
    this.position = end;
    return this.text.slice(start, end);
  }

  private unexpected(expected: string): FieldError {
    if (this.position >= this.text.length) {
      return this.fault(`the text ends where ${expected} should be`);
    }
    const token = /^(?:\$!?\{[\w.-]*\}|[$\w.!-]+)/.exec(this.text.slice(this.position, this.position + 60))?.[0];
    return this.fault(`unexpected '${token ?? this.text[this.position]}' where ${expected} should be`);
  }

  private fault(what: string): FieldError {
    const before = this.text.slice(0, this.position).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    return new FieldError(
      `Unable to parse the JSON document: ${what}, at line ${before.length}, column ${column}.`,
      'MappingTemplate',
    );
  }
}
