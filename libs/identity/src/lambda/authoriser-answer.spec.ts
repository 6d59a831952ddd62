import { describe, expect, it } from 'vitest';
import { readAuthoriserAnswer, UnusableAnswerError } from './authoriser-answer.js';

const read = (answer: unknown) => readAuthoriserAnswer(JSON.stringify(answer), 'boards');

function permission(answer: object) {
  const read = readAuthoriserAnswer(JSON.stringify({ isAuthorized: true, ...answer }), 'boards');
  if (!read.isAuthorized) throw new Error('It was no permission.');
  return read;
}

describe('isAuthorized', () => {
  it.each([true, false])('should decide when it is %s', (isAuthorized) => {
    expect(read({ isAuthorized })).toMatchObject({ isAuthorized, ttlMs: null });
  });

  it.each([{}, { is: null }, { is: 'true' }, { is: 1 }, { is: {} }, { is: [] }])(
    'should let nobody in: %j',
    ({ is }) => {
      expect(() => read({ isAuthorized: is })).toThrow('isAuthorized must be true or false.');
    },
  );
});

describe('an answer that is none', () => {
  it.each(['', 'null', 'true', '"yes"', '[]', '[{"isAuthorized":true}]'])('should let nobody in: %s', (payload) => {
    expect(() => readAuthoriserAnswer(payload, 'boards')).toThrow(UnusableAnswerError);
  });

  it('should not be quoted', () => {
    const payload = '<html>secret-of-jdoe</html>';
    expect(() => readAuthoriserAnswer(payload, 'boards')).toThrow(new UnusableAnswerError('The answer is no JSON.'));
  });
});

describe('resolverContext', () => {
  it.each([
    [undefined, {}],
    [null, {}],
    [{}, {}],
    [
      { userId: 'jdoe', level: 3, isAdmin: false, team: null },
      { userId: 'jdoe', level: 3, isAdmin: false, team: null },
    ],
  ])('should be taken as it is: %j', (resolverContext, expected) => {
    expect(permission({ resolverContext }).resolverContext).toEqual(expected);
  });

  it('should not be changed by anybody', () => {
    expect(permission({ resolverContext: { userId: 'jdoe' } }).resolverContext).toSatisfy(Object.isFrozen);
  });

  it.each([
    { resolverContext: { boards: ['b1'] } },
    { resolverContext: { board: {} } },
    { resolverContext: { userId: 'jdoe', boards: [] } },
    { resolverContext: [] },
    { resolverContext: 'jdoe' },
    { resolverContext: 3 },
    { resolverContext: true },
  ])('should let nobody in when it is not flat: %j', (answer) => {
    expect(() => read({ isAuthorized: true, ...answer })).toThrow(/^resolverContext must/);
  });

  it('should let nobody in when a number of it is none', () => {
    const payload = '{"isAuthorized":true,"resolverContext":{"level":1e999}}';
    expect(() => readAuthoriserAnswer(payload, 'boards')).toThrow('its member 1 is another');
  });

  it.each([
    { bytes: 5_242_880, isTaken: true },
    { bytes: 5_242_881, isTaken: false },
  ])('should let somebody in with $bytes bytes: $isTaken', ({ bytes, isTaken }) => {
    const note = 'a'.repeat(bytes - Buffer.byteLength('{"note":""}'));
    const reading = () => read({ isAuthorized: true, resolverContext: { note } });
    if (isTaken) expect(reading()).toHaveProperty('isAuthorized', true);
    else expect(reading).toThrow('resolverContext has 5242881 bytes; at most 5242880 are allowed.');
  });
});

describe('deniedFields', () => {
  it.each([{}, { deniedFields: null }, { deniedFields: [] }])('should exclude nothing: %j', (answer) => {
    expect(permission(answer).denied.allowsField).toBeNull();
  });

  it('should exclude its fields', () => {
    const { denied } = permission({ deniedFields: ['Task.title'] });
    expect(denied.allowsField?.('Task', 'title')).toBe(false);
    expect(denied.allowsField?.('Task', 'id')).toBe(true);
  });

  it.each([
    { deniedFields: 'Task.title' },
    { deniedFields: {} },
    { deniedFields: 3 },
    { deniedFields: [3] },
    { deniedFields: ['Task.title', null] },
    { deniedFields: [['Task.title']] },
  ])('should let nobody in when it is no list of strings: %j', (answer) => {
    expect(() => read({ isAuthorized: true, ...answer })).toThrow('deniedFields must be a list of strings.');
  });
});

describe('ttlOverride', () => {
  it.each([
    [undefined, null],
    [null, null],
    [0, 0],
    [0.5, 500],
    [300, 300_000],
    [3600, 3_600_000],
    [3601, 3_600_000],
    [1e9, 3_600_000],
  ])('should be, for %j, %j milliseconds', (ttlOverride, ttlMs) => {
    expect(read({ isAuthorized: true, ttlOverride })).toHaveProperty('ttlMs', ttlMs);
    expect(read({ isAuthorized: false, ttlOverride })).toHaveProperty('ttlMs', ttlMs);
  });

  it.each([
    { ttlOverride: -1 },
    { ttlOverride: '300' },
    { ttlOverride: true },
    { ttlOverride: {} },
    { ttlOverride: [] },
  ])('should let nobody in when it is no time: %j', (answer) => {
    expect(() => read({ isAuthorized: true, ...answer })).toThrow(
      'ttlOverride must be a number of seconds, 0 or more.',
    );
  });
});

describe('members of no meaning', () => {
  it('should be passed over', () => {
    expect(read({ isAuthorized: true, policy: { Statement: [] } })).toHaveProperty('isAuthorized', true);
  });
});
