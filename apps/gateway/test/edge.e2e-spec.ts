import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { parseAllowedOrigins, parseTrustedProxies } from '#libs/config';
import { AppSyncClient, GraphqlTransportWsClient } from '#libs/testing';
import { appSync, graphqlTransportWs, protocols } from './protocols.js';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway, TestGatewayOptions } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const key = { 'x-api-key': apiKey };
const query = 'subscription { onTaskCreated { id } }';

let gateway: TestGateway;
afterEach(() => gateway.stop());

async function start(options: Partial<TestGatewayOptions> = {}): Promise<void> {
  gateway = await startGateway({ api: tasksWithRights, ...options });
}

const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'graphql-ws',
};

/** The answer to an upgrade that is written by hand; an upgraded socket is cut at once. */
async function upgrade(headers: Readonly<Record<string, string | undefined>> = {}) {
  const sent = request({
    port: gateway.port,
    path: '/graphql/realtime',
    headers: { ...handshake, ...headers } as OutgoingHttpHeaders,
  }).end();
  sent.on('upgrade', (response, socket) => {
    socket.destroy();
    response.emit('end');
  });
  const [response] = (await Promise.race([once(sent, 'response'), once(sent, 'upgrade')])) as [IncomingMessage];
  if (response.statusCode === 101) return { status: 101, headers: response.headers, errors: [] };
  const { errors } = JSON.parse(await text(response)) as { errors: unknown[] };
  return { status: response.statusCode, headers: response.headers, errors };
}

describe('the origin of a page', () => {
  const allowedOrigins = parseAllowedOrigins('https://app.example.com,http://localhost:3000');

  it.each(['https://app.example.com', 'http://localhost:3000'])(
    'should be let in when it is listed: %s',
    async (origin) => {
      await start({ allowedOrigins });
      expect((await upgrade({ origin })).status).toBe(101);
    },
  );

  it('should not be missed where no browser is', async () => {
    await start({ allowedOrigins });
    expect((await upgrade()).status).toBe(101);
  });

  it.each([
    'null',
    '',
    'https://evil.example.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://x.app.example.com',
    'https://app.example.com.evil.test',
    'https://evilapp.example.com',
    'https://app.example.com, https://evil.test',
    'HTTPS://APP.EXAMPLE.COM/',
  ])('should be refused before the upgrade: %j', async (origin) => {
    await start({ allowedOrigins });
    expect(await upgrade({ origin })).toMatchObject({
      status: 403,
      headers: { 'x-amzn-errortype': 'ForbiddenException', connection: 'close' },
      errors: [{ errorType: 'ForbiddenException', message: 'Pages of this origin may not connect.' }],
    });
    expect(gateway.connectionCount).toBe(0);
    expect(await gateway.count('limitRefusals', 'ALLOWED_ORIGINS')).toBe(1);
  });

  it('should not matter by default, as with AppSync', async () => {
    await start();
    expect((await upgrade({ origin: 'null' })).status).toBe(101);
  });
});

describe('a request for a WebSocket', () => {
  it.each([{ 'content-length': '5' }, { 'transfer-encoding': 'chunked' }])(
    'should have no body: %j',
    async (headers) => {
      await start();
      expect(await upgrade(headers)).toMatchObject({
        status: 400,
        errors: [{ errorType: 'BadRequestException', message: 'A request for a WebSocket has no body.' }],
      });
    },
  );

  it('should be told where WebSockets are, in the shape of other errors', async () => {
    await start();
    const sent = request({ port: gateway.port, path: '/elsewhere', headers: handshake }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(404);
    expect(JSON.parse(await text(response))).toMatchObject({ errors: [{ errorType: 'BadRequestException' }] });
  });

  it('should give its headers in time', async () => {
    await start({ headersTimeoutMs: 200 });
    const socket = connectTcp(gateway.port, '127.0.0.1');
    socket.write('GET /graphql/realtime HTTP/1.1\r\nHost: localhost\r\nX-Slow:');
    const trickle = setInterval(() => socket.write('.'), 50);
    const answer = await text(socket);
    clearInterval(trickle);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('The request did not come within 200 ms.');
    expect(await gateway.count('limitRefusals', 'HEADERS_TIMEOUT_MS')).toBe(1);
  });

  it('should not hold a connection on which nothing is sent', async () => {
    await start({ headersTimeoutMs: 200 });
    const socket = connectTcp(gateway.port, '127.0.0.1').resume();
    await once(socket, 'close');
    expect(await gateway.count('limitRefusals', 'HEADERS_TIMEOUT_MS')).toBe(1);
  });

  it('should have headers of a bounded size, with room for a token in each place', async () => {
    await start({ maxHeaderBytes: 16_384 });
    expect((await upgrade({ authorization: 'x'.repeat(12_000) })).status).toBe(101);
    expect(await upgrade({ authorization: 'x'.repeat(17_000) })).toMatchObject({
      status: 431,
      errors: [{ message: 'The headers of the request are too large. At most 16384 bytes are allowed.' }],
    });
    expect(await gateway.count('limitRefusals', 'MAX_HEADER_BYTES')).toBe(1);
  });
});

describe('connections', () => {
  it('should be no more than the process takes, and be taken again when one has left', async () => {
    await start({ maxConnections: 2 });
    const clients = await Promise.all([1, 2].map(() => AppSyncClient.connect({ url: gateway.url })));
    expect(await upgrade()).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      errors: [{ errorType: 'ServiceUnavailableException', message: 'Too many connections: this server takes 2.' }],
    });
    await clients[0]!.close();
    await vi.waitFor(async () => expect((await upgrade()).status).toBe(101));
    expect(await gateway.count('limitRefusals', 'MAX_CONNECTIONS')).toBeGreaterThan(0);
  });

  it('should be no more than an address may have', async () => {
    await start({ maxConnectionsPerAddress: 1 });
    const client = await appSync.connect(gateway, key);
    expect(await upgrade()).toMatchObject({
      status: 429,
      errors: [{ errorType: 'LimitExceededError', message: 'Too many connections: an address may have 1.' }],
    });
    client.socket.terminate();
    await vi.waitFor(async () => expect((await upgrade()).status).toBe(101));
    expect(await gateway.count('limitRefusals', 'MAX_CONNECTIONS_PER_ADDRESS')).toBeGreaterThan(0);
  });

  it("should be a client's where its proxy is trusted, and the proxy's where it is not", async () => {
    await start({ maxConnectionsPerAddress: 1, trustedProxies: parseTrustedProxies('loopback') });
    const open: WebSocket[] = [];
    const connect = async (from: string) => {
      const socket = new WebSocket(gateway.url, ['graphql-ws'], { headers: { 'x-forwarded-for': from } });
      open.push(socket);
      const [event] = (await Promise.race([
        once(socket, 'open').then(() => ['open']),
        once(socket, 'unexpected-response').then(() => ['refused']),
      ])) as [string];
      return event;
    };
    expect(await connect('192.0.2.1')).toBe('open');
    expect(await connect('192.0.2.2')).toBe('open');
    expect(await connect('203.0.113.9, 192.0.2.2')).toBe('refused');
    expect(await connect('2001:db8::1')).toBe('open');
    expect(await connect('2001:db8::2')).toBe('refused');
    expect(await connect('2001:db8:0:1::1')).toBe('open');
    for (const socket of open) socket.terminate();
  });

  it('should be no more than so many of an address before they are acknowledged', async () => {
    await start({ maxPendingHandshakesPerAddress: 1 });
    const pending = await AppSyncClient.connect({ url: gateway.url, authorization: key });
    expect(await upgrade()).toMatchObject({
      status: 429,
      errors: [{ message: 'Too many handshakes: an address may have 1 that are not finished.' }],
    });
    await pending.init();
    expect((await upgrade()).status).toBe(101);
    expect(await gateway.count('limitRefusals', 'MAX_PENDING_HANDSHAKES_PER_ADDRESS')).toBe(1);
  });

  it('should be asked for at a bounded rate', async () => {
    await start({ maxHandshakesPerSecond: 3 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => upgrade()));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused[0]).toMatchObject({
      headers: { 'retry-after': '1' },
      errors: [{ message: 'Too many handshakes: this server takes 3 a second.' }],
    });
    expect(await gateway.count('limitRefusals', 'MAX_HANDSHAKES_PER_SECOND')).toBe(refused.length);
  });

  it('should be asked for at a bounded rate by each address', async () => {
    await start({ maxHandshakesPerSecondPerAddress: 2, trustedProxies: parseTrustedProxies('loopback') });
    const from = (address: string) => upgrade({ 'x-forwarded-for': address });
    const answers = await Promise.all(Array.from({ length: 5 }, () => from('192.0.2.1')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused[0]).toMatchObject({
      errors: [{ message: 'Too many handshakes: an address may have 2 a second.' }],
    });
    expect((await from('192.0.2.2')).status).toBe(101);
    expect(await gateway.count('limitRefusals', 'MAX_HANDSHAKES_PER_SECOND_PER_ADDRESS')).toBe(refused.length);
  });

  it("should be no more than an identity may have, in AppSync's protocol with an error that clients come back from", async () => {
    await start({ maxConnectionsPerIdentity: 1 });
    const [jdoe, janed] = [
      await gateway.authorization({ username: 'jdoe' }),
      await gateway.authorization({ username: 'janed' }),
    ];
    const first = await appSync.connect(gateway, jdoe);
    const refused = await AppSyncClient.connect({ url: gateway.url, authorization: jdoe });
    refused.send({ type: 'connection_init' });
    const message = 'Too many connections: an identity may have 1.';
    expect(await refused.waitForMessage()).toEqual({
      type: 'connection_error',
      payload: { errors: [{ errorType: 'LimitExceededError', message, errorCode: 429 }] },
    });
    expect(await refused.waitForClose()).toEqual({ code: 1013, reason: 'Try again later' });
    const standard = await GraphqlTransportWsClient.connect({ url: gateway.url });
    standard.send({ type: 'connection_init', payload: jdoe });
    expect(await standard.waitForClose()).toEqual({ code: 1013, reason: `Try again later: ${message}` });

    for (const other of [janed, key, key]) await appSync.connect(gateway, other);
    await first.socket.close();
    await vi.waitFor(() => expect(gateway.connectionCount).toBe(3));
    await appSync.connect(gateway, jdoe);
    expect(await gateway.count('limitRefusals', 'MAX_CONNECTIONS_PER_IDENTITY')).toBe(2);
  });

  it('should leave no place taken however they end', async () => {
    await start({
      maxConnections: 5,
      maxConnectionsPerAddress: 5,
      maxPendingHandshakesPerAddress: 5,
      maxConnectionsPerIdentity: 5,
    });
    const jdoe = await gateway.authorization({ username: 'jdoe' });
    for (let round = 0; round < 4; round += 1) {
      const badVersion = request({
        port: gateway.port,
        path: '/graphql',
        headers: { ...handshake, 'sec-websocket-version': '1' },
      }).end();
      const [response] = (await once(badVersion, 'response')) as [IncomingMessage];
      expect(response.resume().statusCode).toBe(400);
      await vi.waitFor(async () => expect((await upgrade()).status).toBe(101));
      const acknowledged = await appSync.connect(gateway, jdoe);
      const cut = await graphqlTransportWs.connect(gateway, jdoe);
      const refused = await AppSyncClient.connect({ url: gateway.url, authorization: { 'x-api-key': 'da2-wrong' } });
      refused.send({ type: 'connection_init' });
      await refused.waitForClose();
      cut.socket.terminate();
      await acknowledged.socket.close();
      await vi.waitFor(() => expect(gateway.connectionCount).toBe(0));
    }
  });
});

describe.each(protocols)('messages over $name', ({ name, connect }) => {
  const close = name.startsWith('graphql-ws')
    ? { code: 1008, reason: 'Rate limit exceeded' }
    : { code: 4429, reason: 'Rate limit exceeded' };

  it('should start nothing beyond the rate, stop what runs, and be forgiven with time', async () => {
    await start({ messageRate: 20, messageBurst: 5 });
    const client = await connect(gateway, key);
    await client.subscribe('a', query);
    for (const id of ['b', 'c', 'd']) client.start(id, query);
    expect(await client.refusalOf('e', query)).toEqual([
      {
        errorType: 'LimitExceededError',
        message: 'Rate limit exceeded: a connection may send 20 messages a second.',
        errorCode: 429,
      },
    ]);
    client.socket.send({ id: 'a', type: name.startsWith('graphql-ws') ? 'stop' : 'complete' });
    await vi.waitFor(() => expect(gateway.subscriptionCount).toBe(3));
    expect(await gateway.count('limitRefusals', 'MESSAGE_RATE')).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await client.subscribe('f', query);
  });

  it('should close the connection when they do not end', async () => {
    await start({ messageRate: 10, messageBurst: 20 });
    const [flooding, other] = [await connect(gateway, key), await connect(gateway, key)];
    await other.subscribe('a', query);
    for (let n = 0; n < 100; n += 1) flooding.socket.send({ type: 'ping', id: 'x' });
    expect(await flooding.waitForClose()).toEqual(close);
    expect(await gateway.count('limitRefusals', 'MESSAGE_BURST')).toBe(1);
    await gateway.publish('createTask', { id: 't' });
    expect(await other.delivery('a')).toEqual({ data: { onTaskCreated: { id: 't' } } });
  });

  it.each(['ping', 'pong'] as const)(
    "should close the connection when WebSocket's %s frames do not end",
    async (frame) => {
      await start({ messageRate: 10, messageBurst: 20 });
      const socket = new WebSocket(gateway.url, [
        name.startsWith('graphql-ws') ? 'graphql-ws' : 'graphql-transport-ws',
      ]);
      await once(socket, 'open');
      for (let n = 0; n < 100; n += 1) socket[frame]();
      const [code] = (await once(socket, 'close')) as [number];
      expect(code).toBe(close.code);
      await vi.waitFor(() => expect(gateway.connectionCount).toBe(0));
    },
  );

  it('should be limited in size and in fragments, and counted', async () => {
    await start({ maxFrameBytes: 10_000, maxFragmentsPerMessage: 3 });
    const large = await connect(gateway, key);
    large.socket.sendRaw('x'.repeat(10_001));
    expect((await large.waitForClose()).code).toBe(1009);
    const fragmented = await connect(gateway, key);
    fragmented.socket.sendFragments(['{', '}', ' ', ' ']);
    expect((await fragmented.waitForClose()).code).toBe(1008);
    expect(await gateway.count('limitRefusals', 'MAX_FRAME_BYTES')).toBe(1);
    expect(await gateway.count('limitRefusals', 'MAX_FRAGMENTS_PER_MESSAGE')).toBe(1);
    expect(await gateway.count('closes', 'MESSAGE_TOO_LARGE')).toBe(1);
    expect(await gateway.count('closes', 'TOO_MANY_FRAGMENTS')).toBe(1);
  });
});

describe('credentials', () => {
  it('should be counted when they are refused: at the handshake, at a start, at a renewal', async () => {
    await start();
    const wrong = { 'x-api-key': 'da2-wrong' };
    const refused = await AppSyncClient.connect({ url: gateway.url, authorization: wrong });
    refused.send({ type: 'connection_init' });
    await refused.waitForClose();
    const client = await AppSyncClient.connect({ url: gateway.url, authorization: key });
    await client.init();
    client.start('a', query, {}, wrong);
    await client.waitForMessage(({ type }) => type === 'error');
    const standard = await graphqlTransportWs.connect(gateway, await gateway.authorization({ username: 'jdoe' }));
    standard.socket.send({ type: 'ping', payload: { headers: wrong } });
    await standard.socket.waitForMessage(({ type }) => type === 'pong');
    expect(await gateway.count('authRefusals', 'UNAUTHORIZED')).toBe(3);
    expect(await gateway.count('closes', 'UNAUTHORIZED')).toBe(1);
  });

  it('should be those of the header object, whatever the request has', async () => {
    await start();
    const socket = new WebSocket(gateway.url, ['graphql-ws', 'header-e30'], { headers: key });
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect(message.toString()).toContain('Valid authorization header not provided.');
    await once(socket, 'close');
  });

  it.each([
    ['twice in the query', '?header=e30&header=e30', [], 'more than once'],
    ['twice as a subprotocol', '', ['header-e30', 'header-e31'], 'more than one header'],
    ['as no URL encoding', '?header=%zz', [], 'not URL-encoded'],
    ['as no base64', '?header=a.b', [], 'not base64'],
    ['as no JSON', '?header=bWVvdw', [], 'not base64 of JSON'],
    ['as a list', '?header=W10', [], 'not a JSON object'],
    [
      'in a subprotocol that can not be read, with a good one in the query',
      'good',
      ['header-bWVvdw'],
      'not base64 of JSON',
    ],
  ])('should be a bad request %s', async (_name, given, more, text) => {
    await start();
    const suffix = given === 'good' ? `?header=${Buffer.from(JSON.stringify(key)).toString('base64')}` : given;
    const subprotocols = ['graphql-ws', ...more];
    const client = await AppSyncClient.connect({ url: `${gateway.url}${suffix}`, subprotocols });
    client.send({ type: 'connection_init' });
    expect(await client.waitForMessage()).toMatchObject({
      type: 'connection_error',
      payload: {
        errors: [
          { errorType: 'BadRequestException', message: expect.stringContaining(text) as string, errorCode: 400 },
        ],
      },
    });
    expect((await client.waitForClose()).code).toBe(1002);
  });
});
