import type { ApiDefinition, AuthenticationProvider } from '#libs/api-definition';
import { createApiKeyVerifier, createCognitoVerifier } from '#libs/identity';
import type { Verifier } from '#libs/identity';

/** What verifiers need beside the definition: where user pools are. */
export interface VerifierSettings {
  /** Default: AWS, in the user pool's region. */
  readonly cognitoEndpoint?: string | undefined;
}

/** One verifier for each way to authenticate that the definition names, the default first. The api and the gateway use the same. */
export function createVerifiers(definition: ApiDefinition, settings: VerifierSettings): readonly Verifier[] {
  const { default: main, additional } = definition.authentication;
  return [main, ...additional].map((provider) => createVerifier(provider, settings));
}

function createVerifier(provider: AuthenticationProvider, settings: VerifierSettings): Verifier {
  switch (provider.authenticationType) {
    case 'API_KEY':
      return createApiKeyVerifier({ keys: provider.apiKeys });
    case 'AMAZON_COGNITO_USER_POOLS': {
      const { userPoolId, awsRegion, defaultAction, appIdClientRegex } = provider.userPoolConfig;
      return createCognitoVerifier({
        userPoolId,
        region: awsRegion,
        defaultAction,
        endpoint: settings.cognitoEndpoint,
        appIdClientRegex: appIdClientRegex ?? undefined,
      });
    }
    default:
      throw new RangeError(`${provider.authenticationType} cannot be verified.`);
  }
}
