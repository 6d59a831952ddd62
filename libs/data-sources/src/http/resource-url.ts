import type { JsonValue } from '#libs/protocol';

import type { DocumentReader } from '../document/document-reader.js';
import { mappingTemplateError, wrongElement } from '../document/mapping-template-error.js';

/** What URL parsers drop (control characters, spaces at either end), cut off (`#`) or take for a slash. */
const misread = /[\p{Cc}\\#]|^\s|\s$/u;

/** A path segment that means the one above, or nothing, in any spelling that some server may decode. */
const dotSegment = /(?:^|\/|%2f|%5c)(?:\.|%2e){1,2}(?=\/|%2f|%5c|$)/i;

/** Where a document has what makes up the address: OpenSearch has other names for the same. */
export interface ResourceElements {
  /** The path below the endpoint. */
  readonly path: string;
  /** The element of `params` with the query. */
  readonly query: string;
}

/**
 * The address of a request: the endpoint, with the document's path below its path and the query of `params` behind the query
 * that the path may have. A resolver commonly puts a client's text into the path, so nothing in it can lead to another host, or above the
 * endpoint's path.
 */
export function buildResourceUrl(
  endpoint: URL,
  document: DocumentReader,
  elements: ResourceElements = { path: 'resourcePath', query: 'query' },
): URL {
  const resourcePath = document.string(elements.path);
  const at = document.pathOf(elements.path);
  const [path, ...query] = resourcePath.split('?');
  if (path === undefined || !isSafePath(path) || misread.test(resourcePath)) {
    throw mappingTemplateError(
      `Expected a path below the endpoint for field '${at}': it begins with one slash and has no segment '..', backslash, '#' or control character.`,
    );
  }
  const url = new URL(endpoint);
  url.pathname = url.pathname.replace(/\/$/, '') + path;
  url.search = [query.join('?'), ...readQuery(document.optionalChild('params'), elements.query)]
    .filter((part) => part !== '')
    .join('&');
  // What the checks above promise, said once more by the parser that the connection goes by.
  if (url.origin !== endpoint.origin) throw mappingTemplateError(`Field '${at}' leads to another host.`);
  return url;
}

function isSafePath(path: string): boolean {
  return path === '' || (path.startsWith('/') && !path.startsWith('//') && !dotSegment.test(path));
}

function readQuery(params: DocumentReader | undefined, element: string): string[] {
  const query = params?.optionalChild(element);
  if (!query) return [];
  return Object.entries(query.object).flatMap(([name, value]) => {
    const values: readonly JsonValue[] = Array.isArray(value) ? value : [value];
    return values.filter((item) => item !== null).map((item) => encodePair(query, name, item));
  });
}

function encodePair(query: DocumentReader, name: string, value: JsonValue): string {
  if (typeof value === 'object') {
    throw wrongElement(query.pathOf(name), 'a string, number, boolean or list of these', value);
  }
  return `${encode(name)}=${encode(String(value))}`;
}

/** As RFC 3986 has it, which is what signatures are made over. A lone surrogate becomes U+FFFD. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
