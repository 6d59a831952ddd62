import type { ApiDefinition } from '#libs/api-definition';
import { StartError } from '#libs/config';
import type { DevCredentials, DevFile } from './dev-file.js';
import type { LocalProviders } from './local-providers.js';
import { logInLocalUser, signInLocalUser } from './log-in.js';

/**
 * Credentials for each way to authenticate, null where the API does not have it or nobody can be asked. Tokens are of the first local
 * user. `warn` is told of a user who cannot log in, who may have another password by now.
 */
export async function localCredentials(
  { authentication, local }: ApiDefinition,
  dev: Pick<DevFile, 'userPool' | 'oidc' | 'users'>,
  { accessKeys }: Pick<LocalProviders, 'accessKeys'>,
  warn: (text: string) => void,
): Promise<DevCredentials> {
  const providers = [authentication.default, ...authentication.additional];
  const [apiKey] = providers.flatMap((one) => (one.authenticationType === 'API_KEY' ? one.apiKeys : []));
  const [user] = dev.users;
  const mint = async (name: string, isThere: boolean, getToken: (username: string) => Promise<string>) => {
    if (!user || !isThere) return null;
    try {
      return await getToken(user.username);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      warn(`dev.json has no ${name}: ${error.message}`);
      return null;
    }
  };
  const [userPoolToken, oidcToken] = await Promise.all([
    mint('userPoolToken', dev.userPool !== null, async (name) => (await logInLocalUser(dev, name)).idToken),
    mint('oidcToken', dev.oidc !== null, (name) => signInLocalUser(dev, name)),
  ]);
  const [pair] = accessKeys;
  return {
    apiKey: apiKey?.key ?? null,
    userPoolToken,
    oidcToken,
    lambdaToken: providers.some(({ authenticationType }) => authenticationType === 'AWS_LAMBDA')
      ? local.lambdaToken
      : null,
    iam: pair ? { accessKeyId: pair.accessKeyId, secretAccessKey: pair.secretAccessKey } : null,
  };
}
