import { describe, expect, it } from 'vitest';
import { faultsLike, load, settingsWith } from '../../test/definition-files.js';
import type { FaultCase, Files } from '../../test/definition-files.js';

const code = 'export function request(ctx) { return { payload: ctx.args }; }\n';
const noTemplates = {
  'resolvers/Mutation.createTask.request.vtl': null,
  'resolvers/Mutation.createTask.response.vtl': null,
};
const base = 'resolvers/Mutation.createTask';
const runtime = 'runtime: { name: APPSYNC_JS, runtimeVersion: 1.0.0 }';

/** The sound definition, its resolver with these keys more. */
const resolverWith = (keys: string): Files =>
  settingsWith('dataSourceName: Local }', `dataSourceName: Local, ${keys} }`);

describe('the code of a resolver', () => {
  it.each<[string, Files, string]>([
    ['in its default place', { ...noTemplates, [`${base}.js`]: code }, `${base}.js`],
    [
      'in TypeScript',
      { ...noTemplates, [`${base}.ts`]: code.replace('(ctx)', '(ctx: { args: object }): object') },
      `${base}.ts`,
    ],
    [
      'where starling.yaml says, whatever else is there',
      { ...resolverWith(`code: src/create.js, ${runtime}`), 'src/create.js': code, [`${base}.js`]: 'no code' },
      'src/create.js',
    ],
    [
      'in its default place, with a runtime',
      { ...noTemplates, ...resolverWith(runtime), [`${base}.js`]: code },
      `${base}.js`,
    ],
  ])('should be found %s', async (_where, files, name) => {
    const handlers = (await load(files)).resolvers.get('Mutation.createTask')?.handlers;

    expect(handlers).toMatchObject({ language: 'APPSYNC_JS', files: [{ name }] });
    expect(handlers?.files[0]?.text).toContain('export function request');
  });

  it('should make way for templates that are named', async () => {
    const files = resolverWith(`requestMappingTemplate: ${base}.request.vtl`);
    const definition = await load({ ...files, [`${base}.js`]: code });

    expect(definition.resolvers.get('Mutation.createTask')?.handlers.language).toBe('VTL');
  });
});

const cases: readonly FaultCase[] = [
  {
    what: 'code that AppSync does not run, each fault at its place',
    files: { ...noTemplates, [`${base}.js`]: `${code}while (true) {}\nclass A {}\n` },
    faults: [`${base}.js:2:1 `, `${base}.js:3:1 `],
  },
  {
    what: 'TypeScript that is more than types',
    files: { ...noTemplates, [`${base}.ts`]: `${code}enum A { B }\n` },
    faults: [`${base}.ts:2:1  TypeScript enum is not supported. Only types can be left out of the code.`],
  },
  {
    what: 'TypeScript’s faults at their place in the file',
    files: { ...noTemplates, [`${base}.ts`]: 'type A = {\n  b: string;\n};\n' + code + 'while (true) {}\n' },
    faults: [`${base}.ts:5:1 `],
  },
  {
    what: 'code that is named and not there',
    files: resolverWith(`code: src/create.js, ${runtime}`),
    faults: [
      'starling.yaml:8:79  The code of Mutation.createTask is missing: there is no file "src/create.js". Add the file, or correct the path.',
    ],
  },
  {
    what: 'code that is nowhere, although a runtime is named',
    files: { ...noTemplates, ...resolverWith(runtime) },
    faults: [
      `starling.yaml:8:5  The code of Mutation.createTask is missing: there is no file "${base}.js". Add the file, or correct the path.`,
    ],
  },
  {
    what: 'code without a runtime',
    files: { ...resolverWith('code: src/create.js'), 'src/create.js': code },
    faults: [
      'starling.yaml:8:5  "resolvers[0].runtime" is missing. The runtime of the code: { name: APPSYNC_JS, runtimeVersion: 1.0.0 }.',
    ],
  },
  {
    what: 'an unknown runtime',
    files: { ...resolverWith('code: src/create.js, runtime: { name: APPSYNC_JS, runtimeVersion: 2.0.0 }') },
    faults: ['starling.yaml:8:139  "resolvers[0].runtime.runtimeVersion" does not take "2.0.0". Did you mean "1.0.0"?'],
  },
  {
    what: 'code and templates both',
    files: {
      ...resolverWith(`code: src/create.js, ${runtime}, requestMappingTemplate: a.vtl`),
      'src/create.js': code,
    },
    faults: [
      'starling.yaml:8:73  The handlers of Mutation.createTask are both code and mapping templates. Remove "code", or the templates.',
    ],
  },
  {
    what: 'a runtime of templates',
    files: resolverWith(`${runtime}, responseMappingTemplate: a.vtl`),
    faults: [
      'starling.yaml:8:73  The handlers of Mutation.createTask are both code and mapping templates. Remove "runtime", or the templates.',
    ],
  },
  {
    what: 'code and templates in their default places',
    files: { [`${base}.js`]: code },
    faults: [
      `starling.yaml:8:5  There is both "${base}.js" and "${base}.request.vtl" for Mutation.createTask. Remove one of them, or name the one that is meant.`,
    ],
  },
  {
    what: 'JavaScript and TypeScript in their default places',
    files: { ...noTemplates, [`${base}.js`]: code, [`${base}.ts`]: code },
    faults: [
      `starling.yaml:8:5  There is both "${base}.js" and "${base}.ts" for Mutation.createTask. Remove one of them, or name the one that is meant.`,
    ],
  },
  {
    what: 'code of more than 32 KB',
    files: { ...noTemplates, [`${base}.js`]: code + ' '.repeat(32 * 1024) },
    faults: [
      `starling.yaml:8:5  The code of Mutation.createTask, "${base}.js", has ${32 * 1024 + code.length} bytes. At most 32768 are allowed.`,
    ],
  },
];

describe('faults of handlers', () => {
  it.each(cases)('should report $what', async ({ files, faults }) => {
    expect(await faultsLike(files, faults)).toEqual(faults);
  });
});
