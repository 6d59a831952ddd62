export type { AuthMode, Identity } from './identity.js';
export {
  connectRequest,
  httpRequest,
  readApiKey,
  readBearerToken,
  readCredentials,
  startRequest,
} from './credentials.js';
export type { Credentials, SentRequest } from './credentials.js';
export type { Verifier } from './verifier.js';
export { createAuthenticator } from './authenticator.js';
export type { Authenticator } from './authenticator.js';
export { createApiKeyVerifier } from './api-key-verifier.js';
export type { ApiKey, ApiKeyVerifierOptions } from './api-key-verifier.js';
export { createCognitoVerifier } from './tokens/cognito-verifier.js';
export type { CognitoVerifier, CognitoVerifierOptions } from './tokens/cognito-verifier.js';
export { createOpenIdConnectVerifier } from './tokens/open-id-connect-verifier.js';
export type { OpenIdConnectVerifierOptions } from './tokens/open-id-connect-verifier.js';
export { createKeySet } from './tokens/key-set.js';
export type { KeySet, KeySetOptions } from './tokens/key-set.js';
export type { SigningKey } from './tokens/signing-key.js';
export { createTokenCache } from './tokens/token-cache.js';
export type { TokenCache, TokenCacheOptions, VerifiedToken } from './tokens/token-cache.js';
export { createIamVerifier } from './iam/iam-verifier.js';
export type { IamVerifierOptions } from './iam/iam-verifier.js';
export type { StsOptions } from './iam/sts-check.js';
export { createIamAccess } from './iam/create-iam-access.js';
export type { FollowedIamAccess, IamAccessOptions } from './iam/create-iam-access.js';
export { parseIamAccess } from './iam/parse-iam-access.js';
export { IamAccessError } from './iam/access-faults.js';
export type { AccessFault } from './iam/access-faults.js';
export type { IamAccess, IamAccessKey, IamAccessSource, IamPrincipal, WrittenPattern } from './iam/iam-access.js';
export type { IamPolicy } from './iam/iam-policy.js';
export { createLambdaVerifier } from './lambda/lambda-verifier.js';
export type { LambdaVerifierOptions } from './lambda/lambda-verifier.js';
export type { AuthoriserReply, InvokeAuthoriser } from './lambda/ask-authoriser.js';
