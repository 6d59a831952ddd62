import { request } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { freePorts, startProgram } from '#libs/testing';
import type { Program } from '#libs/testing';

let api: Program;

afterEach(async () => {
  await api.stop();
});

/** Without Redis: the api starts without it. */
async function startApi(): Promise<string> {
  const [port, redisPort] = await freePorts(2);
  api = await startProgram({
    script: 'dist/apps/api/src/main.js',
    env: {
      STARLING_API: 'examples/boards',
      STARLING_API_KEY: 'da2-any',
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      PORT: String(port),
      HOST: '127.0.0.1',
    },
    readyText: 'The api is listening',
  });
  return `127.0.0.1:${port}`;
}

it('should say that WebSockets are served by the gateway', async () => {
  const address = await startApi();
  const response = await fetch(`http://${address}/graphql/realtime`);
  expect(response.status).toBe(426);
  expect(await response.json()).toEqual({
    errors: [{ errorType: 'BadRequestException', message: expect.stringContaining('served by the gateway') as string }],
  });

  const socket = new WebSocket(`ws://${address}/graphql`, ['graphql-transport-ws']);
  const [status, text] = await new Promise<[number | undefined, string]>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, refused) => {
      refused.setEncoding('utf8').on('data', (body: string) => resolve([refused.statusCode, body]));
    });
  });
  expect([status, text]).toEqual([404, 'WebSocket connections are served by the gateway, not by the api.\n']);
});

it('should say that event streams are served by the gateway', async () => {
  const address = await startApi();
  const response = await fetch(`http://${address}/graphql/stream?query=subscription`, {
    headers: { accept: 'text/event-stream' },
  });
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    errors: [{ errorType: 'BadRequestException', message: expect.stringContaining('served by the gateway') as string }],
  });
});

/** Posts an operation with headers that `fetch` does not send. */
function post(address: string, headers: OutgoingHttpHeaders): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(`http://${address}/graphql`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => (text += more));
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end('{"query":"{ __typename }"}');
  });
}

it('should answer clients that offer HTTP/2 without TLS, as Java’s do', async () => {
  const address = await startApi();
  const headers = { 'content-type': 'application/json', 'x-api-key': 'da2-any' };
  const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAEAAEAAAAIAAAAB' };
  expect(await post(address, { ...headers, ...offer })).toBe('{"data":{"__typename":"Query"}}');
});

it('should say once that Redis is away, without a stack', async () => {
  await startApi();
  await expect.poll(() => api.stdout(), { timeout: 10_000 }).toContain('The event log (REDIS_URL) failed');
  // Time for several reconnections, each of which fails.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const records = api
    .stdout()
    .split('\n')
    .filter((line) => line.includes('ECONNREFUSED'));
  expect(records).toHaveLength(1);
  expect(records[0]).not.toContain('stack');
});
