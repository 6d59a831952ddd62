import { StartError } from '#libs/config';
import type { CredentialKind } from './arguments.js';
import type { DevFile, LocalKeyPair } from './dev-file.js';
import { logInLocalUser, signInLocalUser } from './log-in.js';

/** Whose credentials are wanted, and of which kind. */
export interface WantedCredentials {
  readonly kind: CredentialKind;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** A token or key as it is sent, or an access key as `ID:SECRET`. Throws a StartError that says what the instance lacks. */
export async function credentialText(
  dev: DevFile,
  { kind, username = '', password }: WantedCredentials,
): Promise<string> {
  switch (kind) {
    case 'id':
      return (await logInLocalUser(dev, username, password)).idToken;
    case 'access':
      return (await logInLocalUser(dev, username, password)).accessToken;
    case 'oidc':
      return signInLocalUser(dev, username, password);
    case 'api-key':
      return dev.apiKey ?? lacking('The API takes no API keys.');
    case 'lambda':
      return dev.credentials.lambdaToken ?? lacking('The API that was started last has no local.lambdaToken.');
    case 'iam': {
      const { accessKeyId, secretAccessKey } = accessKeyOf(dev, username);
      return `${accessKeyId}:${secretAccessKey}`;
    }
  }
}

/** The access key of this name, or the first. Throws a StartError when there is none. */
export function accessKeyOf({ accessKeys }: DevFile, username?: string): LocalKeyPair {
  const found = username ? accessKeys.find((key) => key.username === username) : accessKeys[0];
  if (found) return found;
  const names = accessKeys.map((key) => key.username).join(', ');
  return lacking(
    names === ''
      ? 'npm start made no access keys: the API has no AWS_IAM, or IAM_CREDENTIALS_FILE names those that count.'
      : `There is no access key of "${username}" in dev.json (there are: ${names}).`,
  );
}

function lacking(what: string): never {
  throw new StartError(what);
}
