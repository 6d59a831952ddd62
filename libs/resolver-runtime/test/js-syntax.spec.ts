import { describe, expect, it } from 'vitest';
import cases from './js-syntax.json' with { type: 'json' };
import { runBody, runNatively } from './js-fixtures.js';

const groups = Map.groupBy(cases, ({ group }) => group);

describe.each([...groups])('%s', (_group, groupCases) => {
  it.each(groupCases)('should mean what it means in JavaScript: $body', ({ body }) => {
    expect(runBody(body)).toEqual(runNatively(body));
  });
});
