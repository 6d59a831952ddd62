import { isJsonObject } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';

import { DocumentReader } from '../document/document-reader.js';
import { mappingTemplateError, missingElement, wrongElement } from '../document/mapping-template-error.js';

const typeHints = ['DATE', 'DECIMAL', 'JSON', 'TIME', 'TIMESTAMP', 'UUID'] as const;

/** What a string is to be taken for by the database. */
export type TypeHint = (typeof typeHints)[number];

/** A value that is bound to a statement. Maps and lists have become JSON text. */
export interface Variable {
  readonly value: string | number | boolean | null;
  readonly typeHint: TypeHint | undefined;
}

/** Variables by name, without the colon. */
export type Variables = ReadonlyMap<string, Variable>;

/** A request document of a relational database (AppSync reference, section 8.5). */
export interface RelationalRequest {
  /** One or two, in the order in which they run. */
  readonly statements: readonly string[];
  readonly variables: Variables;
}

/** Reads a document. Names in `variableMap` and `variableTypeHintMap` may be written with or without their colon. */
export function readRelationalRequest(document: JsonObject): RelationalRequest {
  const reader = new DocumentReader(document);
  reader.allowOnly(['version', 'statements', 'variableMap', 'variableTypeHintMap']);
  const hints = readTypeHints(reader.optionalChild('variableTypeHintMap'));
  return { statements: readStatements(reader), variables: readVariables(reader.optionalChild('variableMap'), hints) };
}

function readStatements(reader: DocumentReader): readonly string[] {
  const statements = reader.optionalStrings('statements');
  const path = reader.pathOf('statements');
  if (statements === undefined) throw missingElement(path);
  if (statements.length < 1 || statements.length > 2) {
    throw mappingTemplateError(`Expected 1 or 2 statements for field '${path}', but got ${statements.length}.`);
  }
  return statements;
}

function readTypeHints(reader: DocumentReader | undefined): ReadonlyMap<string, TypeHint | undefined> {
  if (reader === undefined) return new Map();
  return new Map(Object.keys(reader.object).map((key) => [nameOf(key), reader.optionalChoice(key, typeHints)]));
}

function readVariables(
  reader: DocumentReader | undefined,
  hints: ReadonlyMap<string, TypeHint | undefined>,
): Variables {
  const variables = new Map<string, Variable>();
  for (const [key, value] of Object.entries(reader?.object ?? {})) {
    const name = nameOf(key);
    const path = reader!.pathOf(key);
    if (variables.has(name)) throw mappingTemplateError(`The variable of field '${path}' is there twice.`);
    variables.set(name, { value: readValue(value, path), typeHint: hints.get(name) });
  }
  return variables;
}

function readValue(value: JsonValue, path: string): Variable['value'] {
  if (typeof value === 'number' && !Number.isFinite(value)) throw wrongElement(path, 'a number', value);
  // What a column of JSON takes. The Data API has no parameter for anything else that has parts.
  return Array.isArray(value) || isJsonObject(value) ? JSON.stringify(value) : (value as Variable['value']);
}

function nameOf(key: string): string {
  return key.startsWith(':') ? key.slice(1) : key;
}
