import { describe, expect, it } from 'vitest';
import type { Identity } from '#libs/identity';
import { identityKey, isSameIdentity } from './identity-key.js';

const jdoe: Identity = {
  mode: 'AMAZON_COGNITO_USER_POOLS',
  authType: 'User Pool Authorization',
  context: { issuer: 'https://pool.example/a', sub: 's' },
  groups: [],
  subject: 's',
  expiresAtMs: null,
  allowsField: null,
};

describe('isSameIdentity', () => {
  it('should hold for other credentials of the same person', () => {
    expect(isSameIdentity(jdoe, { ...jdoe, groups: ['ManagerGroup'], expiresAtMs: 1 })).toBe(true);
  });

  it.each<[string, Partial<Identity>]>([
    ['another subject', { subject: 't' }],
    ['the same subject of another issuer', { context: { issuer: 'https://pool.example/b' } }],
    ['the same subject in another mode', { mode: 'OPENID_CONNECT' }],
    ['nobody', { subject: null }],
  ])('should not hold for %s', (_name, other) => {
    expect(isSameIdentity(jdoe, { ...jdoe, ...other })).toBe(false);
  });

  it('should not hold between two who are nobody', () => {
    const nobody: Identity = { ...jdoe, mode: 'API_KEY', context: null, subject: null };
    expect(identityKey(nobody)).toBeNull();
    expect(isSameIdentity(nobody, nobody)).toBe(false);
  });

  it('should not be led astray by quotes in a subject', () => {
    const sly: Identity = { ...jdoe, context: { issuer: 'a","b' }, subject: 'c' };
    expect(isSameIdentity(sly, { ...sly, context: { issuer: 'a' }, subject: 'b","c' })).toBe(false);
  });
});
