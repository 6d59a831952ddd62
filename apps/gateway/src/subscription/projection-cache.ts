import type { OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { compileProjection } from '../fanout/projection.js';
import type { Projection, ProjectionSource } from '../fanout/projection.js';
import type { SubscriptionDocument } from './document-cache.js';

/**
 * Fields of the compiled selections that are kept. One takes about 150 bytes, so this is at most 30 MB: variables and denied
 * fields make many shapes of one document, and fragments make many fields of a short one.
 */
const maxCachedFields = 200_000;

/** Characters of a key that count as one more field: it names every field that is denied. */
const charactersPerField = 64;

/** Compiled selections of what was subscribed to lately, by document and what shapes it. */
export class ProjectionCache {
  private readonly projections: LRUCache<string, Projection>;

  constructor(maxFields: number = maxCachedFields) {
    this.projections = new LRUCache({
      maxSize: maxFields,
      sizeCalculation: ({ fieldCount }, key) => 1 + fieldCount + Math.ceil(key.length / charactersPerField),
    });
  }

  /** Compiles a selection, or finds what was compiled of the same document for the same variables and denied fields. */
  get(document: SubscriptionDocument, operation: OperationDefinitionNode, source: ProjectionSource): Projection {
    const shape = document.shapeVariables.map((name) => source.variables[name] ?? null);
    const key = JSON.stringify([document.id, operation.name?.value ?? '', shape, [...source.deniedFields]]);
    const known = this.projections.get(key);
    if (known) return known;
    const projection = compileProjection(source);
    this.projections.set(key, projection);
    return projection;
  }
}
