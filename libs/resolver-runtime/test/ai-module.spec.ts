import { describe, expect, it } from 'vitest';
import { compileJsHandlers } from '#libs/resolver-runtime';
import { aiModule } from '../src/modules/ai/index.js';
import { createContext, createRun } from './fixtures.js';
import { callModule } from './module-fixtures.js';

const modelId = 'amazon.nova-micro-v1:0';

describe('@aws-appsync/utils/ai', () => {
  it.each([
    ['invokeModel', 'InvokeModel', { modelId, body: { inputText: 'a' }, guardrailIdentifier: 'g1' }],
    ['converse', 'Converse', { modelId, messages: [{ role: 'user', content: [{ text: 'a' }] }], system: null }],
  ])('should build a request of all that %s is given', (name, operation, payload) => {
    expect(callModule(aiModule, name, [payload])).toEqual({ operation, ...payload });
  });

  it('should not let the payload choose another operation', () => {
    expect(callModule(aiModule, 'converse', [{ operation: 'InvokeModel' }])).toEqual({ operation: 'Converse' });
  });

  it.each([
    ['invokeModel', [], 'An argument is expected to be passed to invokeModel'],
    ['converse', ['Hi'], 'Expected payload to be an Object.'],
  ])('should refuse %s of %j', (name, args, message) => {
    expect(() => callModule(aiModule, name, args)).toThrow(message);
  });

  it('should be there for handlers', () => {
    const text = `import { converse } from '@aws-appsync/utils/ai';
      export const request = (ctx) => converse({ modelId: '${modelId}', messages: [] });`;
    const handlers = compileJsHandlers({ name: 'ask.js', text });
    expect(JSON.parse(JSON.stringify(handlers.request(createContext(), createRun())))).toMatchObject({
      value: { operation: 'Converse', modelId, messages: [] },
    });
  });
});
