import type { ApiDefinition, AuthenticationProvider, UserPoolProvider } from '#libs/api-definition';
import type { StandaloneSettings } from '#libs/config';
import type { DataFolder } from './data-folder.js';
import type { LocalIssuerAddress, LocalKeyPair, LocalUserPoolAddress } from './dev-file.js';
import { writeAccessFile } from './local/access-file.js';
import { oidcClientId, oidcIssuerAt, startOidcIssuer } from './local/oidc-issuer.js';
import { ensureAccounts, ensureUserPool, userPoolClient } from './local/user-pool-accounts.js';
import { startLocalUserPoolService } from './local/user-pool.js';
import { settleAll } from './settle-all.js';
import type { NeededPort } from './start-problems.js';

/** Which of a definition's ways to authenticate are stood in for on this machine. */
export interface LocalModes {
  /** The first user pool. */
  readonly userPool: UserPoolProvider | undefined;
  /** Whether an issuer is the local one, as `${OIDC_ISSUER}` says. Others are real, and are left alone. */
  readonly hasIssuer: boolean;
  /** Whether AWS_IAM needs keys that nobody gave by IAM_CREDENTIALS_FILE. */
  readonly needsAccessKeys: boolean;
}

/** What stands in for the providers. */
export interface LocalProviders {
  readonly userPool: LocalUserPoolAddress | null;
  readonly oidc: LocalIssuerAddress | null;
  /** Key pairs in the order of `local.accessKeys`; none where the keys are not ours. */
  readonly accessKeys: readonly LocalKeyPair[];
  /** The access file that counts; undefined without AWS_IAM. */
  readonly iamCredentialsFile: string | undefined;
}

/** Reads from a definition what stands in for its providers. */
export function localModes({ authentication }: ApiDefinition, settings: StandaloneSettings): LocalModes {
  const providers = [authentication.default, ...authentication.additional];
  return {
    userPool: providers.find(isUserPool),
    hasIssuer: providers.some((provider) => isLocalIssuer(provider, settings.OIDC_PORT)),
    needsAccessKeys:
      settings.IAM_CREDENTIALS_FILE === undefined &&
      providers.some(({ authenticationType }) => authenticationType === 'AWS_IAM'),
  };
}

function isUserPool(provider: AuthenticationProvider): provider is UserPoolProvider {
  return provider.authenticationType === 'AMAZON_COGNITO_USER_POOLS';
}

function isLocalIssuer(provider: AuthenticationProvider, port: number): boolean {
  if (provider.authenticationType !== 'OPENID_CONNECT') return false;
  return provider.openIDConnectConfig.issuer.replace(/\/+$/, '') === oidcIssuerAt(port);
}

/** The ports that they listen on. */
export function portsOf({ userPool, hasIssuer }: LocalModes, settings: StandaloneSettings): NeededPort[] {
  return [
    ...(userPool ? [{ variable: 'COGNITO_PORT', port: settings.COGNITO_PORT }] : []),
    ...(hasIssuer ? [{ variable: 'OIDC_PORT', port: settings.OIDC_PORT }] : []),
  ];
}

/** Where providers are started: what has to be stopped is put into `started`, and `onEnd` is told of those that end by themselves. */
export interface LocalStart {
  readonly folder: DataFolder;
  readonly definition: ApiDefinition;
  readonly settings: StandaloneSettings;
  readonly started: AsyncDisposableStack;
  readonly onEnd: (text: string) => void;
}

/** Starts what stands in for the providers of a definition, and makes the keys. */
export async function startLocalProviders(start: LocalStart, modes: LocalModes): Promise<LocalProviders> {
  const { folder, definition, settings } = start;
  const file = folder.apiPath('access.json');
  const accessKeys = modes.needsAccessKeys
    ? await writeAccessFile(file, definition.local.accessKeys, folder.state)
    : [];
  const [userPool, oidc] = await settleAll([
    modes.userPool ? startUserPool(start, modes.userPool) : null,
    modes.hasIssuer ? startIssuer(start) : null,
  ]);
  await folder.saveState();
  const iamCredentialsFile = modes.needsAccessKeys ? file : settings.IAM_CREDENTIALS_FILE;
  return { userPool, oidc, accessKeys, iamCredentialsFile };
}

/** The user pool, with its users. */
async function startUserPool(
  { folder, definition, settings, started, onEnd }: LocalStart,
  { userPoolConfig }: UserPoolProvider,
): Promise<LocalUserPoolAddress> {
  const service = started.adopt(
    await startLocalUserPoolService(folder.apiPath('user-pool'), settings.COGNITO_PORT, onEnd),
    (it) => it.close(),
  );
  const region = userPoolConfig.awsRegion;
  const client = userPoolClient(service.endpoint, region);
  const address = {
    endpoint: service.endpoint,
    region,
    ...(await ensureUserPool(client, definition.name, folder.state)),
  };
  // Now and not at the end: accounts of a pool whose id is lost could not be found again.
  await folder.saveState();
  await ensureAccounts(client, address, definition.local);
  client.destroy();
  return address;
}

async function startIssuer({ folder, definition, settings, started, onEnd }: LocalStart): Promise<LocalIssuerAddress> {
  const { endpoint } = started.adopt(
    await startOidcIssuer(folder.apiPath('oidc'), settings.OIDC_PORT, definition.local.users, onEnd),
    (it) => it.close(),
  );
  return { issuer: endpoint, tokenEndpoint: `${endpoint}/token`, clientId: oidcClientId };
}
