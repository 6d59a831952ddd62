import { afterEach, expect, it } from 'vitest';
import { createMetrics } from '#libs/observability';
import { createHttpAdapter } from './create-http-adapter.js';

const adapter = createHttpAdapter({ headersTimeoutMs: 10_000, maxHeaderBytes: 16_384 }, createMetrics());
const server = adapter.getInstance();

afterEach(() => server.close());

it('should not be answered with the query of an address, where clients put tokens', async () => {
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(`${address}/%zz?header=eyJhIjoxfQ==`);
  expect(response.status).toBe(400);
  expect(response.headers.get('x-amzn-errortype')).toBe('BadRequestException');
  expect(await response.json()).toEqual({
    errors: [{ errorType: 'BadRequestException', message: 'The path of the request is not percent-encoded.' }],
  });
});
