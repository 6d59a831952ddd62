import type { JsonObject, JsonValue } from '#libs/protocol';
import type { Agent } from 'undici';

import { assertNotCancelled, cancellationOf } from '../cancellation.js';
import type { DataSource, DataSourceCall } from '../data-source.js';
import { DocumentReader } from '../document/document-reader.js';
import { missingElement } from '../document/mapping-template-error.js';
import { createRequestSigner } from '../signing/request-signer.js';
import type { RequestSigner, SigningOptions } from '../signing/request-signer.js';
import { createAddressPolicy } from './address-policy.js';
import { readHeader, sendBounded } from './bounded-request.js';
import type { BoundedResponse } from './bounded-request.js';
import { readEndpoint } from './endpoint.js';
import { createGuardedAgent } from './guarded-agent.js';
import type { ResolveHost } from './guarded-agent.js';
import { toHttpError, toSigningError } from './http-error.js';
import { readRequestHeaders } from './request-headers.js';
import { buildResourceUrl } from './resource-url.js';

export interface HttpDataSourceOptions {
  /** Base address, `https://` or `http://`: scheme, host, port and, where the service lives below one, a path. */
  readonly endpoint: string;
  /** Signs each request for a service of AWS: AppSync's `authorizationType: AWS_IAM`. Default: requests are not signed. */
  readonly authorization?: SigningOptions;
  /**
   * IP addresses (`127.0.0.1`) and ranges (`10.20.0.0/16`) to reach although they are not the public internet's. Default:
   * none, so that loopback, private networks and the metadata services of clouds are out of reach.
   */
  readonly allow?: readonly string[];
  /** From the start of a request to the last byte of its answer, in milliseconds. Default 30,000, AppSync's for a request. */
  readonly timeoutMs?: number;
  /** Size of an answer's body, decompressed. Default 5 MiB, what AppSync's handlers may evaluate. */
  readonly maxResponseBytes?: number;
  /** Finds the addresses of the endpoint's host name. Default: the system's resolver. */
  readonly resolve?: ResolveHost;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Some services refuse requests that do not say what sent them. */
const userAgent = 'starling';

/**
 * `HTTP`: sends documents as requests to one endpoint (AppSync reference, section 8.4). Documents, results, errors and what
 * keeps a resolver from reaching anything else are in docs/reference/data-sources.md.
 *
 * @throws RangeError at once for an endpoint or an entry of `allow` that cannot be meant
 */
export function createHttpDataSource(options: HttpDataSourceOptions): DataSource {
  const policy = createAddressPolicy(options.allow);
  const endpoint = readEndpoint(options.endpoint, policy);
  const sender: Sender = {
    signer: options.authorization && createRequestSigner(options.authorization),
    agent: createGuardedAgent(policy, options.resolve),
    timeoutMs: options.timeoutMs ?? 30_000,
    maxResponseBytes: options.maxResponseBytes ?? 5 * 1024 * 1024,
  };
  let closed: Promise<void> | undefined;
  return {
    type: 'HTTP',
    async execute(document, call) {
      assertNotCancelled(call);
      return toResult(await send(sender, readRequest(endpoint, new DocumentReader(document)), call));
    },
    async close() {
      await (closed ??= sender.agent.close());
    },
  };
}

interface Sender {
  readonly signer: RequestSigner | undefined;
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function readRequest(endpoint: URL, document: DocumentReader): HttpRequest {
  document.allowOnly(['version', 'operation', 'method', 'resourcePath', 'params']);
  const method = document.optionalChoice('method', methods);
  if (method === undefined) throw missingElement(document.pathOf('method'));
  const params = document.optionalChild('params');
  params?.allowOnly(['query', 'headers', 'body']);
  const url = buildResourceUrl(endpoint, document);
  const headers = readRequestHeaders(params);
  const body = params?.optional('body');
  if (body === undefined || typeof body === 'string') return { method, url, headers, body };
  return { method, url, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

async function send(sender: Sender, request: HttpRequest, { signal }: DataSourceCall): Promise<BoundedResponse> {
  const { agent, timeoutMs, maxResponseBytes } = sender;
  const headers = sender.signer ? await signed(sender.signer, request) : request.headers;
  try {
    return await sendBounded(agent, {
      ...request,
      headers: { 'user-agent': userAgent, ...headers },
      signal,
      timeoutMs,
      maxResponseBytes,
    });
  } catch (error) {
    throw signal?.aborted ? cancellationOf(signal) : (toHttpError(error) ?? error);
  }
}

async function signed(signer: RequestSigner, request: HttpRequest): Promise<Record<string, string>> {
  try {
    return await signer.sign(request);
  } catch (error) {
    throw toSigningError(error);
  }
}

function toResult({ statusCode, headers, body }: BoundedResponse): JsonValue {
  return { statusCode, headers, body: decodeText(body, readHeader(headers, 'content-type')) } satisfies JsonObject;
}

/** The body as text in the charset it names; UTF-8 where it names none, or one that is not known. */
function decodeText(body: Buffer, contentType = ''): string {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(body);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder().decode(body);
    throw error;
  }
}
