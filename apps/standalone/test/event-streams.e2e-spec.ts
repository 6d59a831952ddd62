import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { executeGraphql } from '#libs/testing';
import { startStandalone, temporaryFolder, threePorts } from './start-standalone.js';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

describe('event streams of a local instance', () => {
  it('should be served over TLS as well, beside the api, and end when it stops', async () => {
    const { folder, remove } = await temporaryFolder();
    cleanUp.push(remove);
    const standalone = await startStandalone({
      api: 'examples/boards',
      dataDirectory: folder,
      ports: await threePorts(),
    });
    cleanUp.push(() => standalone.stop());
    const { dev } = standalone;
    const credentials = { 'x-api-key': dev.apiKey! };

    const query = encodeURIComponent('subscription { onTaskCreated(boardId: "nest") { title } }');
    const sent = request(`${dev.tlsGraphqlUrl}/stream?query=${query}`, {
      ca: await readFile(dev.ca),
      headers: { accept: 'text/event-stream', ...credentials },
    }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    let received = '';
    response.setEncoding('utf8').on('data', (text: string) => (received += text));
    const ended = once(response, 'end');

    const createTask =
      'mutation ($boardId: String!) { createTask(title: "Bünde", boardId: $boardId) { title boardId } }';
    for (const boardId of ['flock', 'nest']) {
      await executeGraphql(dev.graphqlUrl, credentials, createTask, { boardId });
    }
    while (!received.includes('event: next')) await once(response, 'data');
    expect(await standalone.stop()).toBe(0);
    await ended;
    expect(received).toMatch(
      /^retry: \d+\n\nevent: next\ndata: \{"data":\{"onTaskCreated":\{"title":"Bünde"\}\}\}\n\n$/,
    );
  });
});
