import type { ApiSettings } from './settings.js';

/** Where the providers of an API are that starling.yaml does not place. */
export interface AuthenticationSettings {
  readonly cognitoEndpoint: string | undefined;
  readonly iamCredentialsFile: string | undefined;
  readonly iamMaxClockSkewMs: number;
  /** Null: STS is not asked. */
  readonly sts: { readonly apiName: string; readonly endpoint: string | null } | null;
}

/** What the api and the gateway were told of providers, as verifiers take it. */
export function authenticationSettings(
  settings: Pick<
    ApiSettings,
    'COGNITO_ENDPOINT' | 'IAM_CREDENTIALS_FILE' | 'IAM_MAX_CLOCK_SKEW_MS' | 'IAM_STS_API_NAME' | 'IAM_STS_ENDPOINT'
  >,
): AuthenticationSettings {
  const { IAM_STS_API_NAME: apiName, IAM_STS_ENDPOINT: endpoint = null } = settings;
  return {
    cognitoEndpoint: settings.COGNITO_ENDPOINT,
    iamCredentialsFile: settings.IAM_CREDENTIALS_FILE,
    iamMaxClockSkewMs: settings.IAM_MAX_CLOCK_SKEW_MS,
    sts: apiName === undefined ? null : { apiName, endpoint },
  };
}
