import { describe, expect, it } from 'vitest';
import { readFunctionFailure } from './function-failure.js';

describe('what a function failed with', () => {
  it.each([
    ['Error', true],
    ['UnauthorizedException', true],
    ['com.example.Denied$Inner', true],
    ['Function.ResponseSizeTooLarge', true],
    ['Sandbox.Timedout', false],
    ['Runtime.ExitError', false],
    ['Runtime.ImportModuleError', false],
    ['Extension.Crash', false],
  ])('should be, when it is called %s, an exception of its own: %s', (errorType, isException) => {
    const payload = JSON.stringify({ errorType, errorMessage: 'closed' });
    expect(readFunctionFailure(payload)).toEqual({ errorType, isException });
  });

  it.each(['', '{"errorMessage":"x"}', '{"errorType":3}', '{"errorType":"a token, quoted"}', '[]', 'null', '<html>'])(
    'should be an exception without a name otherwise: %s',
    (payload) => {
      expect(readFunctionFailure(payload)).toEqual({ errorType: null, isException: true });
    },
  );
});
