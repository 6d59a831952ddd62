import { mappingTemplateError, unsupportedElement } from '../../document/mapping-template-error.js';
import type { DocumentReader } from '../../document/document-reader.js';
import { batchDeleteItem } from './batch-delete-item.js';
import { batchGetItem } from './batch-get-item.js';
import { batchPutItem } from './batch-put-item.js';
import { deleteItem } from './delete-item.js';
import { getItem } from './get-item.js';
import type { Operation } from './operation.js';
import { putItem } from './put-item.js';
import { query } from './query.js';
import { scan } from './scan.js';
import { transactGetItems } from './transact-get-items.js';
import { transactWriteItems } from './transact-write-items.js';
import { updateItem } from './update-item.js';

const operations: ReadonlyMap<string, Operation> = new Map(
  [
    getItem,
    putItem,
    updateItem,
    deleteItem,
    query,
    scan,
    batchGetItem,
    batchPutItem,
    batchDeleteItem,
    transactGetItems,
    transactWriteItems,
  ].map((operation) => [operation.name, operation]),
);

/** AppSync has it for versioned data sources, which keep tombstones and a delta table. There are none here. */
const unavailable: ReadonlySet<string> = new Set(['Sync']);

/** Elements of versioned data sources. */
const versionedElements = ['_version', 'customPartitionKey', 'populateIndexFields'];

/** The operation a document asks for, once it is known to have no element that the operation would ignore. */
export function selectOperation(document: DocumentReader): Operation {
  const name = document.string('operation');
  const operation = operations.get(name);
  if (operation === undefined) {
    throw mappingTemplateError(
      unavailable.has(name)
        ? `Operation '${name}' is not available. Available are ${[...operations.keys()].join(', ')}.`
        : `Unsupported operation '${name}'. Available are ${[...operations.keys()].join(', ')}.`,
    );
  }
  const versioned = versionedElements.find((element) => document.optional(element) !== undefined);
  if (versioned !== undefined) {
    throw unsupportedElement(document.pathOf(versioned), 'versioned data sources are not supported');
  }
  document.allowOnly(['version', 'operation', ...versionedElements, ...operation.elements]);
  return operation;
}
