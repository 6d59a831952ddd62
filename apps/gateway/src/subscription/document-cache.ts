import type { DocumentNode, FragmentDefinitionNode } from 'graphql';
import { fragmentsOf, validateDocument } from '#libs/execution';
import type { AppSyncValidationError, ExecutableApi } from '#libs/execution';
import type { Projection } from '../fanout/projection.js';
import { readFieldPolicies } from './field-policies.js';
import type { FieldPolicies } from './field-policies.js';
import { readDocument, shapeVariablesOf } from './read-document.js';

/**
 * Characters of the documents that are kept. A parsed document takes up to some hundred bytes for each, so this is at most
 * about 100 MB of hostile documents; of ordinary ones it is a thousand, and a deployed client has a handful.
 */
const maxCachedCharacters = 262_144;

/** A subscription document, parsed and validated once for all who send the same text. */
export interface SubscriptionDocument {
  readonly document: DocumentNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Empty when the document is valid. */
  readonly validationErrors: readonly AppSyncValidationError[];
  /** Variables that `@skip` and `@include` look at: with the document they decide the shape of a delivery. */
  readonly shapeVariables: readonly string[];
  /** Who may see the fields it selects: with the document and the identity they decide what is cut. */
  readonly fieldPolicies: FieldPolicies;
  /** Compiled selections by operation, shape variables and denied fields, shared by all subscriptions that select the same. */
  readonly projections: Map<string, Projection>;
}

/** Keeps valid documents by their text, the least recently used dropped first. */
export class DocumentCache {
  private readonly documents = new Map<string, SubscriptionDocument>();
  private characters = 0;

  constructor(
    private readonly api: Pick<ExecutableApi, 'definition' | 'schema'>,
    private readonly maxCharacters: number = maxCachedCharacters,
  ) {}

  /** Documents kept. */
  get size(): number {
    return this.documents.size;
  }

  /** Throws a RequestError when the text is not GraphQL, or passes a limit of the API. */
  get(text: string): SubscriptionDocument {
    const known = this.documents.get(text);
    if (known) {
      this.documents.delete(text);
      this.documents.set(text, known);
      return known;
    }
    const read = this.read(text);
    if (read.validationErrors.length === 0) this.keep(text, read);
    return read;
  }

  private read(text: string): SubscriptionDocument {
    const { definition, schema } = this.api;
    const document = readDocument(text, definition.limits);
    const validationErrors = validateDocument(this.api, document);
    return {
      document,
      fragments: fragmentsOf(document),
      validationErrors,
      shapeVariables: shapeVariablesOf(document),
      fieldPolicies: validationErrors.length > 0 ? new Map() : readFieldPolicies(definition, schema, document),
      projections: new Map(),
    };
  }

  private keep(text: string, document: SubscriptionDocument): void {
    this.documents.set(text, document);
    this.characters += text.length;
    for (const oldest of this.documents.keys()) {
      if (this.characters <= this.maxCharacters) return;
      this.documents.delete(oldest);
      this.characters -= oldest.length;
    }
  }
}
