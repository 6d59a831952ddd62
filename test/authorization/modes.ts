/** The modes by the names that every-mode's fields give them, with what `$util.authType()` answers for each. */
export const modes = [
  { mode: 'API_KEY', name: 'ApiKey', authType: 'API Key Authorization' },
  { mode: 'AWS_IAM', name: 'Iam', authType: 'IAM Authorization' },
  { mode: 'AMAZON_COGNITO_USER_POOLS', name: 'UserPools', authType: 'User Pool Authorization' },
  { mode: 'OPENID_CONNECT', name: 'Oidc', authType: 'Open ID Connect Authorization' },
  { mode: 'AWS_LAMBDA', name: 'Lambda', authType: 'Lambda Authorization' },
] as const;

/** A mode, in the words of `starling.yaml`. */
export type Mode = (typeof modes)[number]['mode'];

/** The same, as a part of a field's name. */
export type ModeName = (typeof modes)[number]['name'];

export const modeNames: readonly ModeName[] = modes.map(({ name }) => name);
