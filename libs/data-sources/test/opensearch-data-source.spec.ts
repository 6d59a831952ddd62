import { FieldError } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { afterEach, describe, expect, it } from 'vitest';

import { createOpenSearchDataSource } from '#libs/data-sources';
import type { OpenSearchDataSourceOptions } from '#libs/data-sources';
import { describeDataSource } from './data-source.contract.js';
import { startHttpServer } from './start-http-server.js';
import type { Listener } from './start-http-server.js';
import { credentials, refusalOf } from './start-task-table.js';

const call = { resolver: 'Query.searchTasks' };
const found = { hits: { total: { value: 1 }, hits: [{ _id: 't1', _source: { title: 'Paint' } }] } };
const search = {
  version: '2018-05-29',
  operation: 'GET',
  path: '/tasks/_search',
  params: { headers: {}, queryString: {}, body: { from: 0, query: { match: { title: 'Paint' } } } },
};

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.stop();
});

async function startSearch(listener: Listener, options: Partial<OpenSearchDataSourceOptions> = {}) {
  const server = await startHttpServer(listener);
  const source = createOpenSearchDataSource({
    endpoint: server.url,
    awsRegion: 'eu-central-1',
    credentials,
    ...options,
  });
  open.push({ stop: () => source.close() }, server);
  return { server, source };
}

function answer(status: number, body: unknown): Listener {
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

describeDataSource('AMAZON_OPENSEARCH_SERVICE', async () => {
  const { server, source } = await startSearch(answer(200, found));
  open.length = 0;
  return {
    source,
    document: search,
    result: found,
    refused: { operation: 'GET' },
    async stop() {
      await source.close();
      await server.stop();
    },
  };
});

describe('a document', () => {
  it.each<[string, JsonObject, object]>([
    ['GET', search, { method: 'GET', url: '/tasks/_search', body: '{"from":0,"query":{"match":{"title":"Paint"}}}' }],
    [
      'PUT',
      { operation: 'PUT', path: '/tasks/_doc/t1', params: { body: { a: 1 } } },
      { method: 'PUT', body: '{"a":1}' },
    ],
    [
      'POST of lines',
      { operation: 'POST', path: '/_bulk', params: { body: '{"delete":{"_id":"t1"}}\n' } },
      { method: 'POST', body: '{"delete":{"_id":"t1"}}\n' },
    ],
    ['DELETE', { operation: 'DELETE', path: '/tasks/_doc/t1' }, { method: 'DELETE', url: '/tasks/_doc/t1', body: '' }],
    [
      'a query',
      { operation: 'GET', path: '/tasks/_search', params: { queryString: { q: 'title:a b', size: 5 }, body: {} } },
      { url: '/tasks/_search?q=title%3Aa%20b&size=5', body: '' },
    ],
  ])('should be sent as a request: %s', async (_, document, request) => {
    const { server, source } = await startSearch(answer(200, found));
    expect(await source.execute(document, call)).toEqual(found);
    expect(server.requests).toMatchObject([request]);
  });

  it('should set headers, and JSON is what a body is by default', async () => {
    const { server, source } = await startSearch(answer(200, found));
    const params = { headers: { 'X-Opaque-Id': 'r1' }, body: { a: 1 } };
    await source.execute({ operation: 'POST', path: '/tasks/_search', params }, call);
    expect(server.requests[0]?.headers).toMatchObject({ 'x-opaque-id': 'r1', 'content-type': 'application/json' });
  });

  it('should have null for a result when the answer has no body', async () => {
    const { source } = await startSearch((response) => response.end());
    expect(await source.execute({ operation: 'HEAD', path: '/tasks/_doc/t1' }, call)).toBeNull();
  });
});

describe('a faulty document', () => {
  const path = "Expected a path below the endpoint for field '$[path]':";
  it.each<[JsonObject, string]>([
    [{ path: '/a' }, "Value for field '$[operation]' not found."],
    [{ operation: 'PATCH', path: '/a' }, "Expected one of GET, POST, PUT, HEAD, DELETE for field '$[operation]'"],
    [{ operation: 'GET' }, "Value for field '$[path]' not found."],
    [{ operation: 'GET', path: '//other.example' }, path],
    [{ operation: 'GET', path: '@other.example/' }, path],
    [{ operation: 'GET', path: '/tasks/../_cluster/settings' }, path],
    [{ operation: 'GET', path: '/a', params: { query: {} } }, "Unsupported element '$[params][query]'."],
    [
      { operation: 'GET', path: '/a', params: { body: [] } },
      "Expected an object or a string for field '$[params][body]'",
    ],
    [
      { operation: 'GET', path: '/a', params: { headers: { a: 'b\r\nc: d' } } },
      "The value of header '$[params][headers][a]'",
    ],
  ])('should be refused before anything is sent: %j', async (document, message) => {
    const { server, source } = await startSearch(answer(200, found));
    expect(await refusalOf(source.execute(document, call))).toMatchObject({
      errorType: 'MappingTemplate',
      message: expect.stringContaining(message) as string,
    });
    expect(server.requests).toEqual([]);
  });
});

describe('signing', () => {
  it('should be for the region and the service es', async () => {
    const { server, source } = await startSearch(answer(200, found), { isSigned: true });
    await source.execute(search, call);
    expect(server.requests[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/eu-central-1\/es\/aws4_request, /,
    );
  });

  it('should be left out where the endpoint is not AWS’s', async () => {
    const { server, source } = await startSearch(answer(200, found));
    await source.execute(search, call);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('should be done by default where the endpoint is AWS’s', async () => {
    const failing = () => Promise.reject(new Error('no profile in /home/api/.aws'));
    const endpoint = 'https://tasks.eu-central-1.es.amazonaws.com';
    const source = createOpenSearchDataSource({ endpoint, awsRegion: 'eu-central-1', credentials: failing });
    open.push({ stop: () => source.close() });
    expect(await refusalOf(source.execute(search, call))).toMatchObject({
      errorType: 'OpenSearch:RuntimeException',
      message: 'Communication error while executing a request to OpenSearch.',
      cause: { message: 'no profile in /home/api/.aws' },
    });
  });
});

describe('a refusal', () => {
  it.each([
    [400, 'UserIllegalArgumentException', 'Bad Request'],
    [403, 'UserIllegalArgumentException', 'Forbidden'],
    [404, 'UserIllegalArgumentException', 'Not Found'],
    [302, 'RuntimeException', 'Found'],
    [429, 'UserIllegalArgumentException', 'Too Many Requests'],
    [503, 'RuntimeException', 'Service Unavailable'],
  ])('should be told by its status: %i', async (status, exception, reason) => {
    const { source, server } = await startSearch((response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('{"error":"index tasks on node-7"}'),
    );
    expect(await refusalOf(source.execute(search, call))).toMatchObject({
      errorType: `OpenSearch:${exception}`,
      message: `OpenSearch responded with an error: ${reason}`,
      data: null,
      cause: { message: `HTTP ${status}: {"error":"index tasks on node-7"}` },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('should have the older name for a data source of the older type', async () => {
    const { source } = await startSearch(answer(400, {}), { type: 'AMAZON_ELASTICSEARCH' });
    expect(source.type).toBe('AMAZON_ELASTICSEARCH');
    expect(await refusalOf(source.execute(search, call))).toMatchObject({
      errorType: 'Elasticsearch:UserIllegalArgumentException',
      message: 'Elasticsearch responded with an error: Bad Request',
    });
  });
});

describe('a fault on the way', () => {
  const fault = {
    errorType: 'OpenSearch:RuntimeException',
    message: 'Communication error while executing a request to OpenSearch.',
  };

  it.each<[string, Listener]>([
    ['no answer in time', () => undefined],
    ['an answer that is too large', (response) => response.end('x'.repeat(2000))],
    ['an answer that is no JSON', (response) => response.end('<html>')],
    [
      'half an answer',
      (response) => response.writeHead(200, { 'content-length': '9' }).end('{"a', () => response.socket?.end()),
    ],
    ['no answer at all', (response) => response.socket?.destroy()],
  ])('should be told without hosts: %s', async (_, listener) => {
    const { source } = await startSearch(listener, { timeoutMs: 100, maxResponseBytes: 1000 });
    expect(await refusalOf(source.execute(search, call))).toMatchObject(fault);
  });

  it('should be the reason of the signal when that ends the request', async () => {
    const reason = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const controller = new AbortController();
    const { source } = await startSearch(() => controller.abort(reason));
    await expect(source.execute(search, { ...call, signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('an endpoint', () => {
  it.each(['search.internal', 'ftp://search.internal', 'https://jdoe:secret@search.internal'])(
    'should be refused at once when it cannot be meant: %s',
    (endpoint) => {
      expect(() => createOpenSearchDataSource({ endpoint, awsRegion: 'eu-central-1' })).toThrow(RangeError);
    },
  );
});
