import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

import { assertNotCancelled, cancellationOf } from '../cancellation.js';
import type { DataSource } from '../data-source.js';
import { DocumentReader } from '../document/document-reader.js';
import { missingElement, wrongElement } from '../document/mapping-template-error.js';
import { sendBounded } from '../http/bounded-request.js';
import type { BoundedResponse } from '../http/bounded-request.js';
import { readEndpoint } from '../http/endpoint.js';
import { createGuardedAgent } from '../http/guarded-agent.js';
import { readRequestHeaders } from '../http/request-headers.js';
import { buildResourceUrl } from '../http/resource-url.js';
import { createRequestSigner } from '../signing/request-signer.js';
import type { AwsCredentials } from '../signing/request-signer.js';
import { refusedBySearch, searchUnreachable } from './opensearch-error.js';
import type { SearchService } from './opensearch-error.js';

export interface OpenSearchDataSourceOptions {
  /** Address of the domain, `https://` or `http://`. Private addresses too: a resolver can't change it. */
  readonly endpoint: string;
  /** Region that requests are signed for, e.g. `eu-central-1`. */
  readonly awsRegion: string;
  /** Whether requests are signed. Default: if the endpoint is AWS's own, a host of `amazonaws.com`. */
  readonly isSigned?: boolean;
  /** Default: AWS's chain (environment, shared files, container and instance roles, web identity). */
  readonly credentials?: AwsCredentials;
  /** AppSync's name of the type. Default `AMAZON_OPENSEARCH_SERVICE`. The older one differs in the names of errors. */
  readonly type?: 'AMAZON_OPENSEARCH_SERVICE' | 'AMAZON_ELASTICSEARCH';
  /** From the start of a request to the last byte of its answer, in milliseconds. Default 30000, AppSync's for a request. */
  readonly timeoutMs?: number;
  /** Size of an answer's body, decompressed. Default 5 MiB, what AppSync's handlers may evaluate. */
  readonly maxResponseBytes?: number;
}

interface SearchRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

const operations = ['GET', 'POST', 'PUT', 'HEAD', 'DELETE'] as const;

/**
 * `AMAZON_OPENSEARCH_SERVICE`: sends documents as requests to one domain and answers what it answers, read as JSON (AppSync
 * reference, section 8.7). Documents, results and errors are in docs/reference/data-sources.md.
 *
 * @throws RangeError at once for an endpoint that cannot be meant
 */
export function createOpenSearchDataSource(options: OpenSearchDataSourceOptions): DataSource {
  const { type = 'AMAZON_OPENSEARCH_SERVICE', timeoutMs = 30_000, maxResponseBytes = 5 * 1024 * 1024 } = options;
  const service: SearchService = type === 'AMAZON_ELASTICSEARCH' ? 'Elasticsearch' : 'OpenSearch';
  // The endpoint is the operator's word, and nothing of a document can lead elsewhere.
  const policy = { isAllowed: () => true };
  const endpoint = readEndpoint(options.endpoint, policy);
  const agent = createGuardedAgent(policy);
  const sign = createSigning(endpoint, options);
  let closed: Promise<void> | undefined;

  async function send(request: SearchRequest, signal: AbortSignal | undefined): Promise<BoundedResponse> {
    try {
      const headers = { 'user-agent': 'starling', ...(await sign(request)) };
      return await sendBounded(agent, { ...request, headers, signal, timeoutMs, maxResponseBytes });
    } catch (error) {
      if (signal?.aborted) throw cancellationOf(signal);
      if (error instanceof TypeError && !('code' in error)) throw error;
      throw searchUnreachable(service, error);
    }
  }

  return {
    type,

    async execute(document, call) {
      assertNotCancelled(call);
      const request = readRequest(endpoint, new DocumentReader(document));
      const { statusCode, body } = await send(request, call.signal);
      if (statusCode < 200 || statusCode > 299) throw refusedBySearch(service, statusCode, body);
      return readAnswer(service, body);
    },

    async close() {
      await (closed ??= agent.close());
    },
  };
}

function createSigning(
  endpoint: URL,
  {
    awsRegion,
    credentials,
    isSigned = /\.amazonaws\.com(?:\.cn)?$/.test(endpoint.hostname),
  }: OpenSearchDataSourceOptions,
): (request: SearchRequest) => Promise<Record<string, string>> {
  if (!isSigned) return async ({ headers }) => headers;
  const signer = createRequestSigner({ signingRegion: awsRegion, signingServiceName: 'es', credentials });
  return (request) => signer.sign(request);
}

function readRequest(endpoint: URL, document: DocumentReader): SearchRequest {
  document.allowOnly(['version', 'operation', 'path', 'params']);
  const method = document.optionalChoice('operation', operations);
  if (method === undefined) throw missingElement(document.pathOf('operation'));
  const params = document.optionalChild('params');
  params?.allowOnly(['headers', 'queryString', 'body']);
  const body = readBody(params);
  const headers = readRequestHeaders(params);
  return {
    method,
    url: buildResourceUrl(endpoint, document, { path: 'path', query: 'queryString' }),
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body,
  };
}

/** Text goes as it is, which is how `_bulk` and `_msearch` have their lines; a map is JSON. Templates send `{}` for none. */
function readBody(params: DocumentReader | undefined): string | undefined {
  const body = params?.optional('body');
  if (body === undefined || typeof body === 'string') return body;
  if (!isJsonObject(body)) throw wrongElement(params!.pathOf('body'), 'an object or a string', body);
  return Object.keys(body).length === 0 ? undefined : JSON.stringify(body);
}

/** Null for an answer without a body, as HEAD has it. */
function readAnswer(service: SearchService, body: Buffer): JsonValue {
  if (body.length === 0) return null;
  try {
    return JSON.parse(body.toString()) as JsonValue;
  } catch (error) {
    throw searchUnreachable(service, error);
  }
}
