import { describe, expect, it } from 'vitest';
import type { Identity } from '#libs/identity';
import type { JsonObject } from '#libs/protocol';
import type { FieldPolicies } from '../subscription/field-policies.js';
import { reasonToEnd } from './renewal.js';

const policiesOf = (readsIdentity: boolean): FieldPolicies =>
  new Map([
    [
      'Subscription.onTask',
      {
        typeName: 'Subscription',
        fieldName: 'onTask',
        policy: { grants: [{ mode: 'OPENID_CONNECT', groups: null }] },
        readsIdentity,
      },
    ],
  ]);

const withClaims = (claims: JsonObject): Identity => ({
  mode: 'OPENID_CONNECT',
  authType: 'Open ID Connect Authorization',
  context: { sub: 'jdoe', claims: { sub: 'jdoe', boards: ['b1', 'b2'], exp: 1, ...claims } },
  groups: [],
  subject: 'jdoe',
  expiresAtMs: null,
  allowsField: null,
});

const changed = [
  ['another value', { boards: ['b1'] }],
  ['one more', { admin: true }],
  ['another kind of token', { token_use: 'access' }],
] as const;

describe('a renewal of the credentials of a subscription that a resolver accepted', () => {
  it.each([
    ['nothing new but its time', { exp: 2, iat: 1, nbf: 1, auth_time: 1 }],
    ['its own ids', { jti: 'j', origin_jti: 'o', event_id: 'e', at_hash: 'h' }],
  ])('should let it go on with a token that has %s', (_what, claims) => {
    expect(reasonToEnd(policiesOf(true), withClaims({}), withClaims(claims))).toBeUndefined();
  });

  it.each(changed)('should end it with a token whose claims have %s', (_what, claims) => {
    expect(reasonToEnd(policiesOf(true), withClaims({}), withClaims(claims))).toMatchObject({
      code: 'UNAUTHORIZED',
      message: 'The renewed credentials have other claims than those that started the subscription.',
    });
    expect(reasonToEnd(policiesOf(true), withClaims(claims), withClaims({}))).toBeDefined();
  });
});

describe('a renewal of the credentials of a subscription without a resolver', () => {
  it.each(changed)('should let it go on with a token whose claims have %s', (_what, claims) => {
    expect(reasonToEnd(policiesOf(false), withClaims({}), withClaims(claims))).toBeUndefined();
  });
});
