import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Where ports are looked for: below those that Linux and macOS give to outgoing connections and to listeners that ask for any, so
 * that nothing but another test that guesses the same number can take one before it is used.
 */
const firstPort = 15_000;
const portCount = 17_000;

/** Ports of 127.0.0.1 that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = firstPort + Math.floor(Math.random() * portCount);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  await once(server.close(), 'close');
  return true;
}
