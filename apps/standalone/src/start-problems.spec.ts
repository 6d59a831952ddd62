import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { StartError } from '#libs/config';
import { holdWhatIsNeeded } from './start-problems.js';

const given = { apiDirectory: 'examples/boards', dataDirectory: '/nowhere/data/', isFresh: false, isHelp: false };
const servers: Server[] = [];

afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const port = await takenPort();
  const server = servers.pop()!;
  await once(server.close(), 'close');
  return port;
}

it('should hold the folder when all ports are free, and leave them free', async () => {
  const folder = { release: () => Promise.resolve() };
  const port = await freePort();
  const hold = () => holdWhatIsNeeded(given, [{ variable: 'PORT', port }], () => Promise.resolve(folder));
  expect(await hold()).toBe(folder);
  expect(await hold()).toBe(folder);
});

it('should tell all that is taken, with a command that works', async () => {
  const [port, tlsPort] = [await takenPort(), await takenPort()];
  const ports = [
    { variable: 'PORT', port },
    { variable: 'TLS_PORT', port: tlsPort },
  ];
  const error: unknown = await holdWhatIsNeeded(given, ports, () =>
    Promise.reject(new StartError('The folder is in use.')),
  ).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StartError);
  const lines = (error as StartError).message.split('\n');
  expect(lines.slice(0, -1)).toEqual([
    'The folder is in use.',
    `PORT: port ${port} is taken. Set PORT to a free port.`,
    `TLS_PORT: port ${tlsPort} is taken. Set TLS_PORT to a free port.`,
  ]);
  const example =
    /^For example: PORT=(\d+) TLS_PORT=(\d+) npm start -- examples\/boards --data \/nowhere\/data-2$/.exec(
      lines.at(-1)!,
    );
  expect(new Set([example?.[1], example?.[2], String(port), String(tlsPort)]).size).toBe(4);
});

it('should find a port that two settings name, and give the folder back', async () => {
  const port = await freePort();
  let released = 0;
  const folder = { release: () => Promise.resolve(void (released += 1)) };
  const ports = ['PORT', 'TLS_PORT'].map((variable) => ({ variable, port }));
  await expect(holdWhatIsNeeded(given, ports, () => Promise.resolve(folder))).rejects.toThrow(
    `TLS_PORT: port ${port} is taken.`,
  );
  expect(released).toBe(1);
});
