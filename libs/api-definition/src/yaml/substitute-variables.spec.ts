import { describe, expect, it } from 'vitest';
import { substituteVariables } from './substitute-variables.js';

describe('filling in variables', () => {
  it.each([
    ['${NAME}', 'boards'],
    ['a-${NAME}-b-${NAME}', 'a-boards-b-boards'],
    ['${NAME:-tasks}', 'boards'],
    ['${UNSET:-tasks}', 'tasks'],
    ['${EMPTY:-tasks}', 'tasks'],
    ['${UNSET:-}', ''],
    ['${EMPTY}', ''],
    ['$${NAME}', '${NAME}'],
    ['$NAME ${1} ${} ${NA ME}', '$NAME ${1} ${} ${NA ME}'],
    ['${NESTED}', '${NAME}'],
  ])('should turn %s into %j', (text, filled) => {
    const variables = { NAME: 'boards', EMPTY: '', NESTED: '${NAME}' };

    expect(substituteVariables(text, variables)).toMatchObject({ text: filled, missing: [] });
  });

  it('should name what is missing, and leave it', () => {
    expect(substituteVariables('${A}-${B}-${C:-c}', { B: undefined })).toMatchObject({
      text: '${A}-${B}-c',
      missing: ['A', 'B'],
    });
  });

  it.each(['constructor', '__proto__', 'toString'])('should not find %s, which every object has', (name) => {
    expect(substituteVariables(`\${${name}}`, {}).missing).toEqual([name]);
  });

  it('should take a stand-in for what has neither a value nor a default, and say so', () => {
    const standIn = (name: string): string => `no-${name}`;
    expect(substituteVariables('${NOWHERE}/${NOWHERE:-x}', {}, standIn)).toEqual({
      text: 'no-NOWHERE/x',
      missing: [],
      hasStandIn: true,
    });
  });
});
