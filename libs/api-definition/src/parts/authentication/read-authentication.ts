import type { DefinitionFolder } from '../../definition-folder.js';
import type { FaultList } from '../../fault.js';
import type { CheckedSettings } from '../../yaml/check-settings.js';
import { readApiKeys } from './api-keys.js';
import type { ApiKey, Authentication, AuthenticationProvider } from './authentication.js';
import { checkModes } from './check-modes.js';
import { readLambdaAuthorizer } from './lambda-authorizer.js';
import { checkIssuers, toOpenIdConnect } from './open-id-connect.js';
import { readProviderUses } from './provider-use.js';
import type { ProviderUse } from './provider-use.js';
import { checkUserPools, toUserPool } from './user-pools.js';

/** Reads the ways to authenticate. Undefined when the default one is unusable; the faults say why. */
export async function readAuthentication(
  settings: CheckedSettings,
  folder: DefinitionFolder,
  faults: FaultList,
  warnings: FaultList,
): Promise<Authentication | undefined> {
  const uses = readProviderUses(settings);
  checkModes(uses, settings, faults);
  checkUserPools(uses, settings, faults);
  checkIssuers(uses, settings, faults);
  const apiKeys = readApiKeys(settings, faults, warnings);
  const providers = await Promise.all(uses.map((use) => toProvider(use, apiKeys, settings, folder, faults)));
  const [main, ...additional] = providers;
  return main && { default: main, additional: additional.filter((one) => one !== undefined) };
}

/** Undefined without a mode and where its config is missing or unsound: then there are faults. */
async function toProvider(
  { mode, configs, path }: ProviderUse,
  apiKeys: readonly ApiKey[],
  settings: CheckedSettings,
  folder: DefinitionFolder,
  faults: FaultList,
): Promise<AuthenticationProvider | undefined> {
  const { userPoolConfig, openIDConnectConfig, lambdaAuthorizerConfig } = configs;
  switch (mode) {
    case undefined:
      return undefined;
    case 'API_KEY':
      return { authenticationType: mode, apiKeys };
    case 'AWS_IAM':
      return { authenticationType: mode };
    case 'AMAZON_COGNITO_USER_POOLS':
      return userPoolConfig && { authenticationType: mode, userPoolConfig: toUserPool(userPoolConfig) };
    case 'OPENID_CONNECT':
      return (
        openIDConnectConfig && { authenticationType: mode, openIDConnectConfig: toOpenIdConnect(openIDConnectConfig) }
      );
    case 'AWS_LAMBDA': {
      if (!lambdaAuthorizerConfig) return undefined;
      const at = [...path, 'lambdaAuthorizerConfig'];
      const config = await readLambdaAuthorizer(lambdaAuthorizerConfig, at, settings, folder, faults);
      return config && { authenticationType: mode, lambdaAuthorizerConfig: config };
    }
  }
}
