import { generateKeyPair, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { JWK } from 'jose';
import type { LocalUser } from '#libs/api-definition';
import { readJson, writePrivate } from '../data-folder.js';
import { startLocalService } from './local-service.js';
import type { LocalService } from './local-service.js';
import type { OidcProviderOptions } from './oidc-provider.js';

/** The client that users of the local issuer sign in with. */
export const oidcClientId = 'starling-local';

/** The address of the local issuer on a port, as its tokens name it. */
export function oidcIssuerAt(port: number): string {
  return `http://localhost:${port}`;
}

/**
 * Starts the local OpenID Connect issuer on a loopback port. Its key stays in the folder, so that tokens outlive a restart. Throws a
 * StartError when the port is taken. `onEnd` is told when it ends by itself.
 */
export async function startOidcIssuer(
  folder: string,
  port: number,
  users: readonly LocalUser[],
  onEnd: (text: string) => void,
): Promise<LocalService> {
  await mkdir(folder, { recursive: true });
  const options: OidcProviderOptions = {
    issuer: oidcIssuerAt(port),
    clientId: oidcClientId,
    signingKey: await signingKey(path.join(folder, 'signing-key.json')),
    cookieSecret: randomBytes(32).toString('base64'),
    users,
  };
  return startLocalService({
    name: 'local OpenID Connect issuer',
    script: './oidc-process.js',
    folder,
    variable: 'OIDC_PORT',
    port,
    message: options,
    readyPath: '/.well-known/openid-configuration',
    onEnd,
  });
}

/** The key in a file; made at the first call. */
async function signingKey(file: string): Promise<JWK> {
  const known = await readJson<JWK>(file);
  if (known) return known;
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const made = { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex') } as JWK;
  await writePrivate(file, `${JSON.stringify(made)}\n`);
  return made;
}
