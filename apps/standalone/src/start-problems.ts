import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { listenOrExplain, StartError } from '#libs/config';
import type { StartArguments } from './arguments.js';
import { quoteForShell } from './hints.js';

/** A port that an instance needs, under the name of its setting. */
export interface NeededPort {
  readonly variable: string;
  readonly port: number;
}

/** Loopback, where everything listens. */
const host = '127.0.0.1';

/** Between a taken port and the one that is proposed: a round number, so that both are easily told apart. */
const portStep = 100;
const highestPort = 65_535;

/**
 * Tells all that hinders a start at once. `holdFolder` takes the data folder; when it succeeds and a port is taken, it is
 * given back. Throws a StartError with one line for each problem and a command that would work.
 */
export async function holdWhatIsNeeded<T extends { release(): Promise<void> }>(
  given: StartArguments,
  ports: readonly NeededPort[],
  holdFolder: () => Promise<T>,
): Promise<T> {
  const problems: StartError[] = [];
  const note = (error: unknown): undefined => {
    if (!(error instanceof StartError)) throw error;
    problems.push(error);
  };
  const folder = await holdFolder().catch(note);
  // Together, so that a port which two settings name is found too.
  const probes: Server[] = [];
  for (const { variable, port } of ports) {
    const probe = await listenOrExplain(variable, port, () => listen(port)).catch(note);
    if (probe) probes.push(probe);
  }
  await Promise.all(probes.map(close));
  if (folder && problems.length === 0) return folder;
  await folder?.release();
  const lines = problems.map(({ message }) => message);
  throw new StartError([...lines, `For example: ${await exampleCommand(given, ports)}`].join('\n'), {
    cause: problems[0],
  });
}

/** The command that was given, with ports that are free and a folder that is not there yet. */
async function exampleCommand(given: StartArguments, ports: readonly NeededPort[]): Promise<string> {
  const free = new Set<number>();
  for (const { port } of ports) free.add(await freePortAfter(port, free));
  const settings = [...free].map((port, index) => `${ports[index]!.variable}=${port}`);
  const data = await newFolderAfter(given.dataDirectory);
  return `${settings.join(' ')} npm start -- ${quoteForShell(given.apiDirectory)} --data ${quoteForShell(data)}`;
}

async function freePortAfter(taken: number, others: ReadonlySet<number>): Promise<number> {
  for (let port = taken + portStep; port <= highestPort; port += portStep) {
    if (!others.has(port) && (await isFree(port))) return port;
  }
  return taken;
}

async function isFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port));
    return true;
  } catch {
    return false;
  }
}

async function newFolderAfter(taken: string): Promise<string> {
  for (let number = 2; ; number += 1) {
    const folder = `${taken.replace(/\/+$/, '')}-${number}`;
    const isThere = await access(folder).then(
      () => true,
      () => false,
    );
    if (!isThere) return folder;
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}
