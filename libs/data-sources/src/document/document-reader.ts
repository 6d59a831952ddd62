import { isJsonObject } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';

import { mappingTemplateError, missingElement, unsupportedElement, wrongElement } from './mapping-template-error.js';

/**
 * Reads one object of a request document and names the offending path in AppSync's notation, `$[update][expression]`.
 *
 * In an optional element null means absent: templates print `"nextToken": null` and `"filter": null` when the argument
 * was not given.
 */
export class DocumentReader {
  constructor(
    readonly object: JsonObject,
    readonly path = '$',
  ) {}

  /** Where an element of this object stands. */
  pathOf(name: string): string {
    return `${this.path}[${name}]`;
  }

  /** Refuses elements that are not in the list. A misspelt `conditon` must not turn into an unconditional write. */
  allowOnly(names: readonly string[]): void {
    const stranger = Object.keys(this.object).find((name) => !names.includes(name));
    if (stranger !== undefined) throw unsupportedElement(this.pathOf(stranger));
  }

  /** Own elements only: a document may well have none called `constructor`. */
  optional(name: string): JsonValue | undefined {
    return Object.hasOwn(this.object, name) ? (this.object[name] ?? undefined) : undefined;
  }

  string(name: string): string {
    return this.optionalString(name) ?? this.#missing(name);
  }

  optionalString(name: string): string | undefined {
    const value = this.optional(name);
    if (value === undefined || typeof value === 'string') return value;
    throw wrongElement(this.pathOf(name), 'a string', value);
  }

  optionalChoice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw wrongElement(this.pathOf(name), `one of ${choices.join(', ')}`, value);
    return choice;
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.optional(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw wrongElement(this.pathOf(name), 'true or false', value);
  }

  /** A whole number that is at least `minimum`. */
  optionalInteger(name: string, minimum: number): number | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum) return value;
    throw wrongElement(this.pathOf(name), `a whole number from ${minimum}`, value);
  }

  optionalStrings(name: string): readonly string[] | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw wrongElement(this.pathOf(name), 'a list of strings', value);
  }

  /** A list of `minimum` to `maximum` elements, each an object. */
  children(name: string, { minimum, maximum }: { minimum: number; maximum: number }): readonly DocumentReader[] {
    const value = this.optional(name) ?? this.#missing(name);
    const path = this.pathOf(name);
    if (!Array.isArray(value)) throw wrongElement(path, 'a list', value);
    if (value.length < minimum || value.length > maximum) {
      throw mappingTemplateError(
        `Expected a list of ${minimum} to ${maximum} elements for field '${path}', but got ${value.length}.`,
      );
    }
    return value.map((element: JsonValue, index) => {
      if (!isJsonObject(element)) throw wrongElement(`${path}[${index}]`, 'an object', element);
      return new DocumentReader(element, `${path}[${index}]`);
    });
  }

  child(name: string): DocumentReader {
    return this.optionalChild(name) ?? this.#missing(name);
  }

  optionalChild(name: string): DocumentReader | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) throw wrongElement(this.pathOf(name), 'an object', value);
    return new DocumentReader(value, this.pathOf(name));
  }

  #missing(name: string): never {
    throw missingElement(this.pathOf(name));
  }
}
