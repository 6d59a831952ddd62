import { readFileSync } from 'node:fs';
import { importJWK, SignJWT } from 'jose';
import type { JWK } from 'jose';

/** What deploy/verify-cluster has installed, as it tells in the file of STARLING_DEPLOYMENTS. */
interface Installed {
  /** By the folder of the definition: where its front is, without TLS and with, and the file of the authority. */
  readonly deployments: Readonly<Record<string, { readonly plain: string; readonly tls: string; readonly ca: string }>>;
  readonly apiKey: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly kid: string;
  /** Signs tokens of the user pool. */
  readonly key: JWK;
}

const groups: Readonly<Record<string, readonly string[]>> = { janed: ['ManagerGroup'] };

/** The front of a definition. */
export function deploymentOf(definition: string): Installed['deployments'][string] {
  const found = installed().deployments[definition];
  if (!found) throw new Error(`${definition} is not installed.`);
  return found;
}

/** The headers of a user; null for the API key. */
export async function credentialsOf(user: string | null): Promise<Record<string, string>> {
  const { apiKey, clientId, issuer, kid, key } = installed();
  if (!user) return { 'x-api-key': apiKey };
  const claims = {
    token_use: 'id',
    'cognito:username': user,
    email: `${user}@myemail.com`,
    ...(groups[user] && { 'cognito:groups': groups[user] }),
  };
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid })
    .setSubject(`sub-of-${user}`)
    .setIssuer(issuer)
    .setAudience(clientId)
    .setIssuedAt()
    .setExpirationTime('1h');
  return { Authorization: await token.sign(await importJWK(key, 'RS256')) };
}

function installed(): Installed {
  const file = process.env.STARLING_DEPLOYMENTS;
  if (!file) throw new Error('Nothing is installed: these tests are run by deploy/verify-cluster.');
  return JSON.parse(readFileSync(file, 'utf8')) as Installed;
}
