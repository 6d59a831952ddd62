import { gzipSync } from 'node:zlib';

import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { afterEach, describe, expect, it } from 'vitest';

import { createHttpDataSource } from '#libs/data-sources';
import type { DataSource, HttpDataSourceOptions } from '#libs/data-sources';
import { describeDataSource } from './data-source.contract.js';
import { startHttpServer } from './start-http-server.js';
import type { Listener, TestHttpServer } from './start-http-server.js';
import { refusalOf } from './start-task-table.js';

const call = { resolver: 'Query.allTasks' };
const getTask: JsonObject = { method: 'GET', resourcePath: '/tasks/t1' };
const allow = ['127.0.0.1'];

describeDataSource('HTTP', async () => {
  const server = await startHttpServer((response) => {
    response.sendDate = false;
    response.writeHead(200, ['Content-Type', 'application/json', 'Connection', 'keep-alive', 'Content-Length', '11']);
    response.end('{"id":"t1"}');
  });
  const source = createHttpDataSource({ endpoint: server.url, allow });
  return {
    source,
    document: getTask,
    result: {
      statusCode: 200,
      headers: {
        'Content-Type': 'application/json',
        Connection: 'keep-alive',
        'Content-Length': '11',
      },
      body: '{"id":"t1"}',
    },
    refused: { method: 'GET', resourcePath: '//evil.example' },
    async stop() {
      await source.close();
      await server.stop();
    },
  };
});

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of open.splice(0).reverse()) await stop();
});

async function serve(listener: Listener): Promise<TestHttpServer> {
  const server = await startHttpServer(listener);
  open.push(() => server.stop());
  return server;
}

function connect(endpoint: string, options: Partial<HttpDataSourceOptions> = {}): DataSource {
  const source = createHttpDataSource({ endpoint, allow, ...options });
  open.push(() => source.close());
  return source;
}

const ok: Listener = (response) => response.end('ok');

describe('a document', () => {
  it.each<[string, JsonObject, object]>([
    ['a path and a query', { query: { open: true, tag: ['a', 'b'] } }, { url: '/tasks?open=true&tag=a&tag=b' }],
    ['a text body', { body: 'plain' }, { body: 'plain' }],
    [
      'an object as body',
      { body: { id: 't1' } },
      { body: '{"id":"t1"}', headers: expect.objectContaining({ 'content-type': 'application/json' }) as unknown },
    ],
    [
      'an object as body, in its own content type',
      { body: [1], headers: { 'Content-Type': 'application/vnd.api+json' } },
      { body: '[1]', headers: expect.objectContaining({ 'content-type': 'application/vnd.api+json' }) as unknown },
    ],
    [
      'headers, without those it has no say in',
      { headers: { Authorization: 'token', Host: 'evil.example', 'User-Agent': 'forged', 'Content-Length': '9999' } },
      {
        headers: expect.objectContaining({
          authorization: 'token',
          host: expect.stringMatching(/^127/) as unknown,
          'user-agent': 'starling',
        }) as unknown,
      },
    ],
  ])('should be sent with %s', async (_, params, received) => {
    const server = await serve(ok);
    await connect(server.url).execute({ method: 'POST', resourcePath: '/tasks', params }, call);
    expect(server.requests).toEqual([expect.objectContaining({ method: 'POST', ...received })]);
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('should be sent as %s', async (method) => {
    const server = await serve(ok);
    await connect(server.url).execute({ ...getTask, method }, call);
    expect(server.requests).toEqual([expect.objectContaining({ method, url: '/tasks/t1' })]);
  });

  it.each<[JsonObject, string]>([
    [{ resourcePath: '/tasks' }, "Value for field '$[method]' not found."],
    [{ method: 'GET' }, "Value for field '$[resourcePath]' not found."],
    [
      { method: 'TRACE', resourcePath: '/' },
      `Expected one of GET, POST, PUT, PATCH, DELETE for field '$[method]', but got the string "TRACE".`,
    ],
    [{ ...getTask, url: 'http://evil.example' }, "Unsupported element '$[url]'."],
    [{ ...getTask, params: { header: {} } }, "Unsupported element '$[params][header]'."],
    [
      { ...getTask, params: { headers: { 'x-board': 'b1\r\nHost: evil.example' } } },
      "The value of header '$[params][headers][x-board]' has line breaks or other characters that a header cannot have.",
    ],
  ])('should be refused before anything is sent: %j', async (document, message) => {
    const server = await serve(ok);
    expect(await refusalOf(connect(server.url).execute(document, call))).toMatchObject({
      errorType: 'MappingTemplate',
      message,
    });
    expect(server.connections()).toBe(0);
  });
});

describe('an answer', () => {
  async function answerOf(listener: Listener, options?: Partial<HttpDataSourceOptions>): Promise<JsonObject> {
    const server = await serve(listener);
    return (await connect(server.url, options).execute(getTask, call)) as JsonObject;
  }

  it.each([204, 301, 404, 500, 503])('should be a success whatever its status: %i', async (status) => {
    expect(await answerOf((response) => response.writeHead(status).end())).toMatchObject({
      statusCode: status,
      body: '',
    });
  });

  it('should have its headers as they were sent, repeated ones joined', async () => {
    const { headers } = await answerOf((response) =>
      response.writeHead(200, ['X-Board', 'b1', 'Set-Cookie', 'a=1', 'set-cookie', 'b=2']).end(),
    );
    expect(headers).toMatchObject({ 'X-Board': 'b1', 'Set-Cookie': 'a=1, b=2' });
  });

  it.each<[string, string, Buffer, string]>([
    ['UTF-8', 'text/plain', Buffer.from('grün'), 'grün'],
    ['the charset it names', 'text/plain; charset=ISO-8859-1', Buffer.from('grün', 'latin1'), 'grün'],
    ['UTF-8 where the charset is not known', 'text/plain; charset=klingon', Buffer.from('grün'), 'grün'],
  ])('should be read as %s', async (_, contentType, bytes, body) => {
    const result = await answerOf((response) => response.setHeader('content-type', contentType).end(bytes));
    expect(result).toHaveProperty('body', body);
  });

  it('should be unpacked', async () => {
    const result = await answerOf((response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync('{"id":"t1"}')),
    );
    expect(result).toHaveProperty('body', '{"id":"t1"}');
  });

  it('should not lead elsewhere when it is a redirect', async () => {
    const metadata = await serve(ok);
    const result = await answerOf((response) => response.writeHead(302, { location: metadata.url }).end());
    expect(result).toMatchObject({ statusCode: 302, headers: { location: metadata.url } });
    expect(metadata.connections()).toBe(0);
  });
});

describe('a fault on the way', () => {
  const errorType = 'HttpRequestException';

  it.each<[string, Listener, string]>([
    ['no answer', () => undefined, 'The HTTP request timed out.'],
    [
      'a body that never ends',
      (response) => response.writeHead(200, { 'content-length': 10 }).write('half'),
      'The HTTP request timed out.',
    ],
    [
      'a connection that is cut',
      (response) => response.socket?.destroy(),
      'The HTTP request could not be carried out.',
    ],
    [
      'half an answer',
      (response) => {
        response.writeHead(200, { 'content-length': 10 }).write('half', () => response.socket?.destroy());
      },
      'The HTTP request could not be carried out.',
    ],
    ['no HTTP', (response) => response.socket?.end('SSH-2.0-host-7\r\n'), 'The HTTP request could not be carried out.'],
    [
      'headers without end',
      (response) => response.socket?.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`),
      'The HTTP request could not be carried out.',
    ],
    [
      'a body that is too large',
      (response) => response.end('a'.repeat(2000)),
      'The HTTP response is larger than 1000 bytes.',
    ],
    [
      'a body that unpacks to too much',
      (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('a'.repeat(100_000))),
      'The HTTP response is larger than 1000 bytes.',
    ],
    [
      'a body that does not unpack',
      (response) => response.setHeader('content-encoding', 'br').end('plain'),
      'The HTTP request could not be carried out.',
    ],
  ])('should be told: %s', async (_, listener, message) => {
    const server = await serve(listener);
    const source = connect(server.url, { timeoutMs: 300, maxResponseBytes: 1000 });
    const error = await refusalOf(source.execute({ ...getTask, method: 'POST' }, call));
    expect(error).toBeInstanceOf(FieldError);
    expect(error).toMatchObject({ errorType, message, data: null });
    expect(server.requests).toHaveLength(1);
  });

  it('should not read on once a body is too large', async () => {
    let written = 0;
    const server = await serve((response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    await refusalOf(connect(server.url, { maxResponseBytes: 100_000 }).execute(getTask, call));
    expect(written).toBeLessThan(50_000_000);
  });

  it('should be told without the address when nobody listens', async () => {
    const error = await refusalOf(connect('http://127.0.0.1:1').execute(getTask, call));
    expect(error).toMatchObject({
      errorType,
      message: 'The HTTP request could not be carried out.',
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('should be told when the name is not known', async () => {
    const source = connect('http://tasks.example', {
      resolve: (_, callback) => callback(Object.assign(new Error('tasks.example'), { code: 'ENOTFOUND' }), []),
    });
    expect(await refusalOf(source.execute(getTask, call))).toMatchObject({
      errorType,
      message: 'The HTTP request could not be carried out.',
    });
  });

  it('should end a request that is under way when its signal fires', async () => {
    const controller = new AbortController();
    const timedOut = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const server = await serve(() => controller.abort(timedOut));
    await expect(connect(server.url).execute(getTask, { ...call, signal: controller.signal })).rejects.toBe(timedOut);
  });
});

describe('an address that may not be reached', () => {
  const denied = {
    errorType: 'HttpRequestException',
    message: 'The HTTP request leads to an address that is not allowed.',
  };

  /** Answers the given addresses one after the other, the last one for ever. */
  function resolveTo(...answers: string[]): HttpDataSourceOptions['resolve'] {
    let asked = 0;
    return (_, callback) => {
      const address = answers[Math.min(asked++, answers.length - 1)]!;
      callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
    };
  }

  it.each(['127.0.0.1', '::ffff:127.0.0.1', '0.0.0.0', '::1', '::'])(
    'should not be reached through a name: %s',
    async (address) => {
      const server = await serve(ok);
      const source = connect(`http://tasks.example:${server.port}`, { allow: [], resolve: resolveTo(address) });
      const error = await refusalOf(source.execute(getTask, call));
      expect(error).toMatchObject(denied);
      expect(error).toHaveProperty('cause.message', expect.stringContaining(address));
      expect(server.connections()).toBe(0);
    },
  );

  it('should not be reached through localhost', async () => {
    const server = await serve(ok);
    const source = connect(`http://localhost:${server.port}`, { allow: [] });
    expect(await refusalOf(source.execute(getTask, call))).toMatchObject(denied);
    expect(server.connections()).toBe(0);
  });

  it('should be refused at once when it is the endpoint', () => {
    expect(() => createHttpDataSource({ endpoint: 'http://169.254.169.254' })).toThrow(RangeError);
  });

  it('should not be reached by a name server that changes its mind', async () => {
    const server = await serve((response) => response.setHeader('connection', 'close').end('ok'));
    // 127.0.0.1 stands for the allowed address, 127.0.0.2 for the one behind the firewall; the server would answer both.
    const answers = resolveTo('127.0.0.1', '127.0.0.2')!;
    let asked = 0;
    const source = connect(`http://tasks.example:${server.port}`, {
      resolve(hostname, callback) {
        asked += 1;
        answers(hostname, callback);
      },
    });
    expect(await source.execute(getTask, call)).toMatchObject({ body: 'ok' });
    // Had the name been asked for again between the check and the connection, the second answer would have been used.
    expect([asked, server.connections()]).toEqual([1, 1]);
    expect(await refusalOf(source.execute(getTask, call))).toMatchObject(denied);
    expect(server.connections()).toBe(1);
  });

  it('should be left out when the name has others as well', async () => {
    const server = await serve(ok);
    const source = connect(`http://tasks.example:${server.port}`, {
      resolve: (_, callback) =>
        callback(null, [
          { address: '10.0.0.1', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    expect(await source.execute(getTask, call)).toMatchObject({ body: 'ok' });
  });

  it('should be reached once it is allowed', async () => {
    const server = await serve(ok);
    const source = connect(`http://localhost:${server.port}`, { allow: ['127.0.0.1'] });
    expect(await source.execute(getTask, call)).toMatchObject({ body: 'ok' });
    expect(server.requests[0]?.headers).toHaveProperty('host', `localhost:${server.port}`);
  });

  it('should not be reached by a proxy that the environment names', async () => {
    const proxy = await serve(ok);
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'NODE_USE_ENV_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url;
    try {
      const server = await serve(ok);
      await connect(server.url).execute(getTask, call);
      expect(server.requests).toHaveLength(1);
      expect(proxy.connections()).toBe(0);
    } finally {
      names.forEach((name, index) => {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      });
    }
  });
});

describe('a signed request', () => {
  const authorization = { signingRegion: 'eu-central-1', signingServiceName: 'states' };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

  it('should carry a signature instead of what the document says', async () => {
    const server = await serve(ok);
    const source = connect(server.url, { authorization: { ...authorization, credentials } });
    const params: JsonValue = { headers: { Authorization: 'forged', 'X-Amz-Target': 'Start' }, body: {} };
    await source.execute({ method: 'POST', resourcePath: '/', params }, call);
    expect(server.requests[0]?.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/states\/aws4_request, SignedHeaders=[\w;-]*x-amz-target/,
    );
  });

  it('should not be sent when there are no credentials', async () => {
    const server = await serve(ok);
    const source = connect(server.url, {
      authorization: { ...authorization, credentials: () => Promise.reject(new Error('no profile in /home/api/.aws')) },
    });
    expect(await refusalOf(source.execute(getTask, call))).toMatchObject({
      errorType: 'HttpRequestException',
      message: 'The HTTP request could not be signed.',
      cause: { message: 'no profile in /home/api/.aws' },
    });
    expect(server.connections()).toBe(0);
  });
});
