import type { JsonValue } from '#libs/protocol';

import type { DocumentReader } from '../../document/document-reader.js';
import type { Item } from '../typed-value.js';
import type { Table } from '../table.js';
import type { Tables } from '../tables.js';

/** One value of a document's `operation`. */
export interface Operation {
  /** AppSync's name. */
  readonly name: string;
  /** The elements a document of this operation may have, besides `operation` and `version`. */
  readonly elements: readonly string[];
  /** Reads the whole document before it sends anything, so that a faulty one has no effect. */
  run(document: DocumentReader, context: OperationContext): Promise<JsonValue>;
}

/** What an operation runs on. */
export interface OperationContext {
  readonly table: Table;
  /** What batches and transactions run on. */
  readonly tables: Tables;
  readonly tokens: PageTokens;
}

/** `nextToken`s of this table and resolver. */
export interface PageTokens {
  seal(lastKey: Item): string;
  open(token: string): Item;
}
