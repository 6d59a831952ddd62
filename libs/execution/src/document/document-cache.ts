import { LRUCache } from 'lru-cache';
import type { DocumentNode, FragmentDefinitionNode } from 'graphql';
import type { ExecutableApi } from '../executable-api.js';
import { fragmentsOf } from '../selected-fields.js';
import { validateDocument } from '../validation-errors.js';
import type { AppSyncValidationError } from '../validation-errors.js';
import { parseDocument } from './parse-document.js';

/**
 * Characters of the documents that are kept. A parsed document takes up to some hundred bytes for each, so this is at most
 * about 100 MB of hostile documents; of ordinary ones it is a thousand, and a deployed client has a handful.
 */
const maxCachedCharacters = 262_144;

/** A document that was parsed, held to the limits of its API, and validated: once for all who send the same text. */
export interface CheckedDocument {
  readonly document: DocumentNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Empty when the document is valid. */
  readonly validationErrors: readonly AppSyncValidationError[];
}

/** What a cache adds to the documents it keeps, made once for each. */
export type Extend<Extension> = (checked: CheckedDocument) => Extension;

/** Keeps valid documents by their text, the least recently used dropped first. */
export class DocumentCache<Extension extends object = object> {
  private readonly documents: LRUCache<string, CheckedDocument & Extension>;

  constructor(
    private readonly api: Pick<ExecutableApi, 'definition' | 'schema'>,
    private readonly extend: Extend<Extension>,
    maxCharacters: number = maxCachedCharacters,
  ) {
    this.documents = new LRUCache({ maxSize: maxCharacters, sizeCalculation: (_document, text) => text.length || 1 });
  }

  /** Documents kept. */
  get size(): number {
    return this.documents.size;
  }

  /** Throws a RequestError when the text passes a limit of the API, graphql-js's own error when it is no GraphQL. */
  get(text: string): CheckedDocument & Extension {
    const known = this.documents.get(text);
    if (known) return known;
    const document = parseDocument(text, this.api.definition.limits);
    const validationErrors = validateDocument(this.api, document);
    const checked = { document, fragments: fragmentsOf(document), validationErrors };
    const read = { ...checked, ...this.extend(checked) };
    if (validationErrors.length === 0) this.documents.set(text, read);
    return read;
  }
}
