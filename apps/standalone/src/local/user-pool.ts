import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { listenOrExplain, StartError } from '#libs/config';

/** The code that cognito-local takes at ConfirmSignUp and for forgotten passwords: nothing can mail one here. */
export const confirmationCode = '123456';

/** Longest wait until cognito-local answers, in milliseconds. It takes about one second. */
const readyTimeoutMs = 20_000;

/** A user pool service on this machine. */
export interface LocalUserPoolService {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts cognito-local on a loopback port with its files in a folder. Throws a StartError when the port is taken. */
export async function startLocalUserPoolService(folder: string, port: number): Promise<LocalUserPoolService> {
  await listenOrExplain('COGNITO_PORT', port, () => probePort(port));
  await configure(folder, port);
  const child = spawnService(folder, port);
  const endpoint = `http://localhost:${port}`;
  try {
    await waitUntilReady(child, `http://127.0.0.1:${port}`, path.join(folder, 'service.log'));
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    endpoint,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

async function probePort(port: number): Promise<void> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

async function configure(folder: string, port: number): Promise<void> {
  const configFolder = path.join(folder, '.cognito');
  await mkdir(configFolder, { recursive: true });
  const config = {
    // Plain user names such as jdoe; the default takes e-mail addresses only.
    UserPoolDefaults: { UsernameAttributes: [] },
    TokenConfig: { IssuerDomain: `http://localhost:${port}` },
  };
  await writeFile(path.join(configFolder, 'config.json'), JSON.stringify(config, null, 2));
}

function spawnService(folder: string, port: number): ChildProcess {
  const log = openSync(path.join(folder, 'service.log'), 'a', 0o600);
  const child = fork(fileURLToPath(new URL('./user-pool-process.js', import.meta.url)), [], {
    cwd: folder,
    // Nothing of our environment: it may hold AWS settings that are not meant for a local pool.
    env: { PATH: path.dirname(process.execPath), PORT: String(port), HOST: '127.0.0.1', CODE: confirmationCode },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}

async function waitUntilReady(child: ChildProcess, address: string, logFile: string): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new StartError(`The local user pool ended with status ${child.exitCode}; ${logFile} says why.`);
    const isReady = await fetch(`${address}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await sleep(25);
  }
  throw new StartError(`The local user pool did not answer within ${readyTimeoutMs / 1000} seconds; see ${logFile}.`);
}
