import { createDictionary } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

import type { DocumentReader } from '../document/document-reader.js';
import { mappingTemplateError, wrongElement } from '../document/mapping-template-error.js';

/**
 * Headers that a document has no say in. Those of AppSync's list, and the others that concern one connection only (RFC 9110,
 * section 7.6.1). They are left out rather than refused: templates pass on all of `$ctx.request.headers`.
 */
const notSettable: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'user-agent',
  'expect',
  'expectation',
  'transfer-encoding',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
]);

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Anything that ends a header line or is not one byte on the wire. A tab may stay. */
const unsafe = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/**
 * Reads `params.headers`: names in lower case, values as text, lists joined with `, `. Null values are left out.
 *
 * @throws FieldError `MappingTemplate` for a name or value that would end its line: a client's text must not add headers
 */
export function readRequestHeaders(params: DocumentReader | undefined): Record<string, string> {
  const headers = createDictionary<string>();
  const given = params?.optionalChild('headers');
  if (!given) return headers;
  for (const [name, value] of Object.entries(given.object)) {
    const key = name.toLowerCase();
    if (!token.test(name))
      throw mappingTemplateError(`The name of header '${given.pathOf(printable(name))}' is not valid.`);
    if (value === null || notSettable.has(key)) continue;
    const text = toText(value, given, name);
    if (unsafe.test(text)) {
      throw mappingTemplateError(
        `The value of header '${given.pathOf(name)}' has line breaks or other characters that a header cannot have.`,
      );
    }
    headers[key] = headers[key] === undefined ? text : `${headers[key]}, ${text}`;
  }
  return headers;
}

function toText(value: JsonValue, headers: DocumentReader, name: string): string {
  if (Array.isArray(value)) return value.map((item: JsonValue) => toText(item, headers, name)).join(', ');
  if (typeof value !== 'object') return String(value);
  throw wrongElement(headers.pathOf(name), 'a string, number, boolean or list of these', value);
}

function printable(name: string): string {
  return JSON.stringify(name.slice(0, 40)).slice(1, -1);
}
