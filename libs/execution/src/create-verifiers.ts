import { isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { ApiDefinition, AuthenticationProvider } from '#libs/api-definition';
import {
  createApiKeyVerifier,
  createCognitoVerifier,
  createIamVerifier,
  createOpenIdConnectVerifier,
  createTokenCache,
} from '#libs/identity';
import type { StsOptions, TokenCache, Verifier } from '#libs/identity';
import { createAuthoriser } from './create-authoriser.js';
import type { AuthoriserSettings } from './create-authoriser.js';
import { openIamAccess } from './open-iam-access.js';
import type { IamAccessSettings } from './open-iam-access.js';

/** What verifiers need beside the definition: where their providers are, and who is told when those fail. */
export interface VerifierSettings
  extends
    Omit<AuthoriserSettings, 'log' | 'onFault' | 'timeoutMs' | 'implementationsOf' | 'hasField'>,
    IamAccessSettings {
  /** Address of a user pool service that is not AWS's. Default: AWS, in the user pool's region. */
  readonly cognitoEndpoint?: string | undefined;
  /** Difference between a signer's clock and ours that is forgiven, in milliseconds. Default 300,000. */
  readonly iamMaxClockSkewMs?: number | undefined;
  /** Lets callers prove through STS who they are. Default: STS is not asked. */
  readonly sts?: StsOptions | null | undefined;
  /** Takes what an authorizer prints that runs on this machine. Default: nowhere. */
  readonly log?: (level: 'info' | 'error', message: string, details: Record<string, unknown>) => void;
  /**
   * Told when a provider fails: its keys cannot be read, a function does not answer, a changed file cannot be used. `text` says
   * which, and the error why; neither holds a credential. Comes as often as requests do. Default: nobody.
   */
  readonly onProviderFault?: (error: Error, text: string) => void;
}

/** The verifiers of an API. */
export interface ApiVerifiers {
  /** One for each way to authenticate that the definition names, the default first. */
  readonly verifiers: readonly Verifier[];
  /** Ends what they have under way beside requests. Call it when no request is under way any more. */
  close(): Promise<void>;
}

/**
 * Makes a verifier for each way to authenticate that the definition names. The api and the gateway use the same. No provider is asked
 * yet; the file of access keys is read.
 *
 * @throws UnservableApiError for an API with AWS_IAM and no usable access keys
 */
export function createVerifiers(definition: ApiDefinition, settings: VerifierSettings): ApiVerifiers {
  const { default: main, additional } = definition.authentication;
  const parts = { definition, settings, cache: createTokenCache() };
  const opened = [main, ...additional].map((provider) => openVerifier(provider, parts));
  return {
    verifiers: opened.map(({ verifier }) => verifier),
    async close() {
      for (const one of opened) await one.close?.();
    },
  };
}

interface Parts {
  readonly definition: ApiDefinition;
  readonly settings: VerifierSettings;
  /** One for all, so that its bounds are those of the process. */
  readonly cache: TokenCache;
}

interface OpenVerifier {
  readonly verifier: Verifier;
  close?(): Promise<void> | void;
}

function openVerifier(provider: AuthenticationProvider, { definition, settings, cache }: Parts): OpenVerifier {
  const { onProviderFault: onFault = () => undefined } = settings;
  switch (provider.authenticationType) {
    case 'API_KEY':
      return { verifier: createApiKeyVerifier({ keys: provider.apiKeys }) };
    case 'AWS_IAM': {
      const access = openIamAccess(definition.name, settings, onFault);
      const { iamMaxClockSkewMs: maxSkewMs, sts } = settings;
      return { verifier: createIamVerifier({ access: access.source, maxSkewMs, sts }), close: () => access.close() };
    }
    case 'AMAZON_COGNITO_USER_POOLS': {
      const { userPoolId, awsRegion, defaultAction, appIdClientRegex } = provider.userPoolConfig;
      if (settings.cognitoEndpoint === undefined && !userPoolId.startsWith(`${awsRegion}_`)) {
        const advice = "Correct userPoolId or awsRegion, or set COGNITO_ENDPOINT for a user pool that is not AWS's.";
        onFault(
          new Error(`The user pool id "${userPoolId}" does not begin with "${awsRegion}_". ${advice}`),
          'The user pool is none of AWS',
        );
      }
      const verifier = createCognitoVerifier({
        userPoolId,
        region: awsRegion,
        defaultAction,
        endpoint: settings.cognitoEndpoint,
        appIdClientRegex: appIdClientRegex ?? undefined,
        cache,
        onFailure: (error) => onFault(error, `The keys of the user pool ${userPoolId} could not be read`),
      });
      return { verifier };
    }
    case 'OPENID_CONNECT': {
      const { issuer, clientId, iatTtlMs, authTtlMs } = provider.openIDConnectConfig;
      const verifier = createOpenIdConnectVerifier({
        issuer,
        clientId: clientId ?? undefined,
        iatTtlMs: iatTtlMs ?? undefined,
        authTtlMs: authTtlMs ?? undefined,
        cache,
        onFailure: (error) => onFault(error, `The keys of the issuer ${issuer} could not be read`),
      });
      return { verifier };
    }
    case 'AWS_LAMBDA':
      return createAuthoriser(provider.lambdaAuthorizerConfig, definition.name, {
        lambdaEndpoint: settings.lambdaEndpoint,
        lambdaCredentials: settings.lambdaCredentials,
        implementationsOf: (name) => objectsOf(definition.schema, name),
        hasField: (typeName, fieldName) => hasField(definition.schema, typeName, fieldName),
        log: (level, message) => settings.log?.(level, message, { authorizer: true }),
        onFault,
      });
  }
}

function hasField(schema: GraphQLSchema, typeName: string, fieldName: string): boolean {
  const type = schema.getType(typeName);
  return (isObjectType(type) || isInterfaceType(type)) && Object.hasOwn(type.getFields(), fieldName);
}

/** The names of the object types that implement an interface of the schema. */
function objectsOf(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name);
  return isInterfaceType(type) ? schema.getImplementations(type).objects.map((object) => object.name) : [];
}
