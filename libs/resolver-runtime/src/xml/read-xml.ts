import { FieldError } from '#libs/protocol';
import { slotBytes } from '../budget.js';
import type { Budget } from '../budget.js';
import { createMap, isList, writeKey } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { decodeEntities } from './entities.js';

/**
 * Reads one XML document into the value model: an element is the value under its name, elements of one name are a list,
 * attributes are members beside them, text beside either is under `content`. Text that is a number or a boolean becomes one.
 * Prefixes of names stay. A document type is refused, and with it every entity that a document could define or fetch.
 *
 * @throws FieldError of type `MappingTemplate` that names the line.
 */
export function readXml(text: string, budget: Budget): ValueMap {
  return new XmlReader(text, budget).readDocument();
}

const namePattern = /[:A-Z_a-z\u00b7-\uffff][:A-Z_a-z\u00b7-\uffff\w.-]*/y;
const spacePattern = /[ \t\r\n]*/y;
const numberPattern = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;

/** What may stand around elements, by how it begins and ends. */
const skipped: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<?', '?>'],
];

const characterData = '<![CDATA[';

class XmlReader {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly budget: Budget,
  ) {}

  readDocument(): ValueMap {
    const document = createMap();
    this.skipMisc();
    this.readElement(document);
    this.skipMisc();
    if (this.position < this.text.length) {
      throw this.fault('only comments may follow the root element');
    }
    return document;
  }

  /** Reads `<name …>…</name>` and adds it to what holds it. */
  private readElement(parent: ValueMap): void {
    this.budget.enter();
    this.expect('<');
    const name = this.readName();
    const members = createMap();
    const isEmpty = this.readAttributes(members);
    const content = isEmpty ? '' : this.readContent(name, members);
    add(parent, name, finish(members, content.trim()));
    this.budget.leave();
  }

  /** Reads attributes up to the end of the tag; true when the element ends with it. */
  private readAttributes(members: ValueMap): boolean {
    for (;;) {
      const before = this.position;
      this.skipSpace();
      if (this.take('/>')) {
        return true;
      }
      if (this.take('>')) {
        return false;
      }
      if (before === this.position) {
        throw this.fault('a tag is not closed');
      }
      const name = this.readName();
      this.skipSpace();
      this.expect('=');
      this.skipSpace();
      const quote = this.text[this.position];
      if (quote !== '"' && quote !== "'") {
        throw this.fault(`the value of the attribute '${name.slice(0, 50)}' is not in quotes`);
      }
      this.position += 1;
      if (Object.hasOwn(members, name)) {
        throw this.fault(`the attribute '${name.slice(0, 50)}' occurs twice`);
      }
      add(members, name, toScalar(this.decode(this.takeUntil(quote))));
    }
  }

  /** Reads up to the end tag: elements become members, what remains is the text. */
  private readContent(name: string, members: ValueMap): string {
    let content = '';
    for (;;) {
      content += this.decode(this.takeText());
      if (this.take('</')) {
        if (this.readName() !== name) {
          throw this.fault(`</${name.slice(0, 50)}> is missing`);
        }
        this.skipSpace();
        this.expect('>');
        return content;
      }
      if (this.take(characterData)) {
        content += this.takeUntil(']]>');
      } else if (!this.skipOne()) {
        this.readElement(members);
      }
    }
  }

  private takeText(): string {
    const end = this.text.indexOf('<', this.position);
    if (end === -1) {
      throw this.fault('the text ends inside an element');
    }
    return this.slice(end);
  }

  private takeUntil(close: string): string {
    const end = this.text.indexOf(close, this.position);
    if (end === -1) {
      throw this.fault(`${close} is missing`);
    }
    const taken = this.slice(end);
    this.position += close.length;
    return taken;
  }

  private slice(end: number): string {
    const taken = this.text.slice(this.position, end);
    this.budget.spend(taken.length + slotBytes);
    this.position = end;
    return taken;
  }

  private decode(text: string): string {
    const decoded = decodeEntities(text);
    if (decoded === undefined) {
      throw this.fault('an & begins no entity that is known');
    }
    return decoded;
  }

  private readName(): string {
    namePattern.lastIndex = this.position;
    const name = namePattern.exec(this.text)?.[0];
    if (name === undefined) {
      throw this.fault('a name is missing');
    }
    this.budget.spend(name.length + slotBytes);
    this.position += name.length;
    return name;
  }

  private skipMisc(): void {
    do {
      this.skipSpace();
    } while (this.skipOne());
  }

  /** Skips a comment or a processing instruction; false when there is none. */
  private skipOne(): boolean {
    for (const [open, close] of skipped) {
      if (this.take(open)) {
        this.takeUntil(close);
        return true;
      }
    }
    if (this.text.startsWith('<!', this.position)) {
      throw this.fault('a document type is not allowed');
    }
    return false;
  }

  private skipSpace(): void {
    spacePattern.lastIndex = this.position;
    const length = spacePattern.exec(this.text)?.[0].length ?? 0;
    this.budget.spend(length);
    this.position += length;
  }

  private take(token: string): boolean {
    const isThere = this.text.startsWith(token, this.position);
    this.position += isThere ? token.length : 0;
    return isThere;
  }

  private expect(token: string): void {
    if (!this.take(token)) {
      throw this.fault(`'${token}' is missing`);
    }
  }

  private fault(what: string): FieldError {
    const line = this.text.slice(0, this.position).split('\n').length;
    return new FieldError(`Unable to parse the XML document: ${what}, at line ${line}.`, 'MappingTemplate');
  }
}

/** An element's value: its text alone, or its members with the text among them. */
function finish(members: ValueMap, content: string): Value {
  if (Object.keys(members).length === 0) {
    return toScalar(content);
  }
  if (content !== '') {
    add(members, 'content', toScalar(content));
  }
  return members;
}

function toScalar(text: string): Value {
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  const number = numberPattern.test(text) ? Number(text) : NaN;
  // A number that would lose digits is an identifier rather than a quantity.
  return Number.isNaN(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER ? text : number;
}

/** Adds a member; a second one of the same name makes a list. */
function add(members: ValueMap, name: string, value: Value): void {
  const earlier = Object.hasOwn(members, name) ? members[name] : undefined;
  if (earlier === undefined) {
    writeKey(members, name, value);
  } else if (isList(earlier)) {
    earlier.push(value);
  } else {
    writeKey(members, name, [earlier, value]);
  }
}
