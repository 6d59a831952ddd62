import { describe, expect, it } from 'vitest';
import { errors, RequestError, unauthorizedTexts } from './errors.js';
import type { ErrorCode } from './errors.js';

const entries = Object.entries(errors) as [ErrorCode, (typeof errors)[ErrorCode]][];

describe('the registry of errors', () => {
  it.each(entries)('should name %s by its key', (key, definition) => {
    expect(definition.code).toBe(key);
    expect(definition.code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });

  it.each(entries)('should give %s an HTTP status that fits whether trying again helps', (_key, definition) => {
    expect(definition.status).toBeGreaterThanOrEqual(400);
    expect(definition.status).toBeLessThan(600);
    // Amplify repeats 5xx and never 4xx, so the two must agree; 429 says itself when to come back.
    expect(definition.retryable).toBe(definition.status >= 500 || definition.status === 429);
  });

  it('should give every error a wire type of its own', () => {
    const types = entries.map(([, { errorType }]) => errorType);
    expect(new Set(types).size).toBe(types.length);
  });

  it('should not change at run time', () => {
    expect(Object.isFrozen(errors)).toBe(true);
    for (const [, definition] of entries) expect(Object.isFrozen(definition)).toBe(true);
  });

  it("should tell a subscription's end with a type that Amplify does not take for an authorization failure", () => {
    const reconnecting = ['UnauthorizedException', 'Unauthorized', 'NotAuthorizedException'];
    expect(reconnecting).not.toContain(errors.SUBSCRIPTION_INVALIDATED.errorType);
  });
});

describe('RequestError', () => {
  it.each(entries)('should carry what the registry says of %s', (key, { errorType, status }) => {
    const cause = new Error('why');
    const error = new RequestError(key, 'what was wrong', { cause });
    expect(error).toMatchObject({
      name: 'RequestError',
      code: key,
      errorType,
      status,
      message: 'what was wrong',
      cause,
    });
  });
});

describe('unauthorizedTexts', () => {
  it("should be AppSync's, to the letter", () => {
    expect(Object.values(unauthorizedTexts)).toEqual([
      'Valid authorization header not provided.',
      'You are not authorized to make this call.',
      'Token has expired.',
      'Unable to parse JWT token.',
      'Permission denied',
    ]);
  });
});
