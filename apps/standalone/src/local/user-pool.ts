import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startLocalService } from './local-service.js';
import type { LocalService } from './local-service.js';

/** The code that cognito-local takes at ConfirmSignUp and for forgotten passwords: nothing can mail one here. */
export const confirmationCode = '123456';

/**
 * Starts cognito-local on a loopback port with its files in a folder. Throws a StartError when the port is taken. `onEnd` is told
 * when it ends by itself.
 */
export async function startLocalUserPoolService(
  folder: string,
  port: number,
  onEnd: (text: string) => void,
): Promise<LocalService> {
  await configure(folder, port);
  return startLocalService({
    name: 'local user pool',
    script: './user-pool-process.js',
    folder,
    variable: 'COGNITO_PORT',
    port,
    env: { PORT: String(port), HOST: '127.0.0.1', CODE: confirmationCode },
    readyPath: '/health',
    onEnd,
  });
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
