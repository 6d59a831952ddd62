/** AppSync's names of the authorisation modes (AppSync reference, section 6). */
export type AuthenticationType = 'API_KEY' | 'AWS_IAM' | 'AMAZON_COGNITO_USER_POOLS' | 'OPENID_CONNECT' | 'AWS_LAMBDA';

/** One way to be let in: a request of this mode and, where groups are named, of a user in one of them. */
export interface FieldGrant {
  readonly mode: AuthenticationType;
  /** Cognito groups, any of which will do. Null: no group is asked for. Never empty. */
  readonly groups: readonly string[] | null;
}

/**
 * Who may read a field (AppSync reference, section 5.3): whoever one of the grants lets in. No grants: nobody. Needs only the
 * mode and the groups of an identity, so it is checked without knowing how either was found out.
 */
export interface FieldPolicy {
  readonly grants: readonly FieldGrant[];
}
