import type { JsonObject } from '#libs/protocol';
import { authTypes } from '../identity.js';
import type { Identity } from '../identity.js';
import { refuse } from '../refuse.js';
import type { ProvedCaller } from './iam-caller.js';

/**
 * The identity of a signer, with what resolvers see of it (AppSync reference, section 6). The Cognito members are null: no
 * identity pool stands behind our keys. Its credentials do not end a connection, as in AppSync.
 *
 * Throws the refusal of a caller whose policy allows no field at all.
 */
export function createIamIdentity(proved: ProvedCaller, sourceIp: readonly string[]): Identity {
  const { caller, policy, currentPolicy } = proved;
  const { id, accountId, userArn, username } = caller;
  const subject = userArn ?? id;
  if (policy.allowsNothing) throw refuse('denied', new Error(`The policy of ${subject} allows no field.`));
  const context: JsonObject = Object.freeze({
    accountId,
    cognitoIdentityPoolId: null,
    cognitoIdentityId: null,
    sourceIp: Object.freeze([...sourceIp]),
    username,
    userArn,
    cognitoIdentityAuthType: null,
    cognitoIdentityAuthProvider: null,
  });
  const identity: Identity = Object.freeze({
    mode: 'AWS_IAM',
    authType: authTypes.AWS_IAM,
    context,
    groups: Object.freeze([]),
    subject,
    expiresAtMs: null,
    allowsField: policy.allowsField,
    current: (): Identity | null => {
      const now = currentPolicy();
      if (now === null || now.allowsNothing) return null;
      return now === policy ? identity : createIamIdentity({ ...proved, policy: now }, sourceIp);
    },
  });
  return identity;
}
