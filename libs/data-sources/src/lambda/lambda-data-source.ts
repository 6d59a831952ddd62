import type { JsonValue } from '#libs/protocol';

import { assertNotCancelled } from '../cancellation.js';
import type { DataSource } from '../data-source.js';
import { DocumentReader } from '../document/document-reader.js';
import { mappingTemplateError } from '../document/mapping-template-error.js';
import { BatchCollector } from './batch-collector.js';
import { invokeFunction } from './invoke-function.js';
import { illegalArgument } from './lambda-error.js';
import type { InvocationType, LambdaInvoker } from './lambda-invoker.js';

export interface LambdaDataSourceOptions {
  /** How the function is run. The data source closes it. */
  readonly invoker: LambdaInvoker;
}

const operations = ['Invoke', 'BatchInvoke'] as const;
const invocationTypes = ['RequestResponse', 'Event'] as const;

/** Calls in one BatchInvoke where the resolver does not say, as in AppSync. */
const defaultBatchSize = 5;

/** AppSync's limit for `maxBatchSize`. */
const maxBatchSize = 2000;

/**
 * `AWS_LAMBDA`: runs one function, with the `payload` of a document as its event (AppSync reference, section 8.3).
 * Documents, results and errors are in docs/reference/data-sources.md.
 *
 * `BatchInvoke` documents of one request, resolver and pipeline function that are executed in the same turn of the event loop
 * reach the function together, as a list; see `request`, `functionName` and `maxBatchSize` of `DataSourceCall`.
 */
export function createLambdaDataSource({ invoker }: LambdaDataSourceOptions): DataSource {
  const collectors: Record<InvocationType, BatchCollector> = {
    RequestResponse: new BatchCollector((payloads, signal) => invokeBatch(invoker, payloads, signal)),
    Event: new BatchCollector(async (payloads, signal) => {
      await invokeFunction(invoker, payloads, 'Event', signal);
      return payloads.map(() => null);
    }),
  };
  return {
    type: 'AWS_LAMBDA',
    async execute(document, call) {
      assertNotCancelled(call);
      const { operation, payload, invocationType } = readDocument(new DocumentReader(document));
      if (operation === 'Invoke') return invokeFunction(invoker, payload, invocationType, call.signal);
      return collectors[invocationType].collect({
        payload,
        request: call.request ?? {},
        key: JSON.stringify([call.resolver, call.functionName]),
        maxBatchSize: Math.min(call.maxBatchSize || defaultBatchSize, maxBatchSize),
        signal: call.signal,
      });
    },
    async close() {
      await invoker.close();
    },
  };
}

interface LambdaDocument {
  readonly operation: (typeof operations)[number];
  readonly payload: JsonValue;
  readonly invocationType: InvocationType;
}

function readDocument(document: DocumentReader): LambdaDocument {
  const name = document.string('operation');
  const operation = operations.find((candidate) => candidate === name);
  if (!operation) {
    throw mappingTemplateError(`Unsupported operation '${name}'. Available are ${operations.join(', ')}.`);
  }
  document.allowOnly(['version', 'operation', 'payload', 'invocationType']);
  return {
    operation,
    payload: document.optional('payload') ?? null,
    invocationType: document.optionalChoice('invocationType', invocationTypes) ?? 'RequestResponse',
  };
}

async function invokeBatch(
  invoker: LambdaInvoker,
  payloads: readonly JsonValue[],
  signal: AbortSignal,
): Promise<readonly JsonValue[]> {
  const answer = await invokeFunction(invoker, payloads, 'RequestResponse', signal);
  const results = Array.isArray(answer) ? (answer as readonly JsonValue[]) : undefined;
  if (results?.length === payloads.length) return results;
  const actual = results ? `a list of ${results.length}` : 'no list';
  throw illegalArgument(`The function must answer a list of ${payloads.length} results, but answered ${actual}.`);
}
