import { expect, it } from 'vitest';
import { faultsOf, load, soundFiles } from '../../test/definition-files.js';

const settings = (text: string) => ({ 'starling.yaml': soundFiles['starling.yaml'] + text });

const defaults = {
  requestTimeoutMs: 30_000,
  queryDepthLimit: null,
  resolverCountLimit: 10_000,
  maxFunctionsPerPipeline: 10,
  maxEvaluatedBytes: 5 * 1024 * 1024,
  maxLoopIterations: 1000,
  maxTokens: 15_000,
  maxDepth: 200,
  maxAliases: 100,
  maxDirectives: 50,
  maxFragments: 100,
  maxRootFields: 100,
  maxFields: 10_000,
};

it.each([[''], ['queryDepthLimit: 0\nresolverCountLimit: 0\n'], ['limits: {}\n']])(
  'should be AppSync’s, and ours where it has none, for %j',
  async (text) => {
    const { limits, isIntrospectionEnabled } = await load(settings(text));

    expect(limits).toEqual(defaults);
    expect(isIntrospectionEnabled).toBe(true);
  },
);

it('should be as they are set', async () => {
  const text = `queryDepthLimit: 75
resolverCountLimit: 1
introspectionConfig: DISABLED
limits: { requestTimeoutMs: 1000, maxFunctionsPerPipeline: 20, maxEvaluatedBytes: 1024, maxLoopIterations: 50, maxAliases: 7 }
`;
  const { limits, isIntrospectionEnabled } = await load(settings(text));

  expect(limits).toEqual({
    ...defaults,
    requestTimeoutMs: 1000,
    queryDepthLimit: 75,
    resolverCountLimit: 1,
    maxFunctionsPerPipeline: 20,
    maxEvaluatedBytes: 1024,
    maxLoopIterations: 50,
    maxAliases: 7,
  });
  expect(isIntrospectionEnabled).toBe(false);
});

it('should be refused outside of their bounds', async () => {
  const text =
    'queryDepthLimit: 76\nresolverCountLimit: 10001\nlimits: { requestTimeoutMs: 0, maxLoopIterations: 1.5 }\n';

  expect(await faultsOf(settings(text))).toEqual([
    'starling.yaml:9:18  "queryDepthLimit" is not as it must be. How many levels of fields an operation may have, 1 to 75. Default 0: as many as it likes.',
    'starling.yaml:10:21  "resolverCountLimit" is not as it must be. How many resolvers one request may run, 1 to 10000. Default 0: 10000.',
    'starling.yaml:11:29  "limits.requestTimeoutMs" is not as it must be. Longest time of one request, in milliseconds, up to an hour. Default 30000.',
    'starling.yaml:11:51  "limits.maxLoopIterations" is a number and must be a whole number. Iterations of one loop in a handler, up to a million. Default 1000.',
  ]);
});
