import { FieldError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

/** A request document that cannot be run: AppSync's errorType `MappingTemplate`, nothing was sent to the data source. */
export function mappingTemplateError(message: string): FieldError {
  return new FieldError(message, 'MappingTemplate');
}

/** A required element is missing; AppSync's text. */
export function missingElement(path: string): FieldError {
  return mappingTemplateError(`Value for field '${path}' not found.`);
}

/** An element that the operation does not have; AppSync's text, with the reason where there is one to give. */
export function unsupportedElement(path: string, reason?: string): FieldError {
  return mappingTemplateError(`Unsupported element '${path}'${reason === undefined ? '' : `: ${reason}`}.`);
}

/** An element of the wrong kind: says what is needed and what was found. */
export function wrongElement(path: string, expected: string, actual: JsonValue): FieldError {
  return mappingTemplateError(`Expected ${expected} for field '${path}', but got ${describe(actual)}.`);
}

/** The kind of a JSON value and what tells it apart, cut to 40 characters so that a text stays a line. */
function describe(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') {
    const names = Object.keys(value);
    return names.length === 0 ? 'an empty object' : `an object with ${shorten(names.join(', '))}`;
  }
  return `the ${typeof value} ${shorten(JSON.stringify(value))}`;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
