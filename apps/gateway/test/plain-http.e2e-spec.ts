import { afterEach, expect, inject, it } from 'vitest';
import { freePorts, startProgram } from '#libs/testing';
import type { Program } from '#libs/testing';

let gateway: Program | undefined;

afterEach(async () => {
  await gateway?.stop();
});

it('should answer plain HTTP requests with where and how to connect', async () => {
  const [port] = await freePorts(1);
  gateway = await startProgram({
    script: 'dist/apps/gateway/src/main.js',
    env: {
      STARLING_API: 'examples/boards',
      STARLING_API_KEY: 'da2-any',
      REDIS_URL: inject('redisUrl'),
      PORT: String(port),
      HOST: '127.0.0.1',
    },
    readyText: 'The gateway is listening',
  });
  for (const path of ['/graphql/realtime', '/graphql', '/']) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
    expect(await response.json()).toEqual({
      errors: [
        {
          errorType: 'BadRequestException',
          message: expect.stringMatching(/WebSocket address.*graphql-transport-ws or graphql-ws/) as string,
        },
      ],
    });
  }
});
