import { describe, expect, it } from 'vitest';
import { faultsLike, load, soundFiles } from '../../test/definition-files.js';
import type { FaultCase, Files } from '../../test/definition-files.js';

const sound = soundFiles['starling.yaml'];

/** The sound definition with `Mutation.createTask` as a pipeline of these functions, and functions `check` and `save`. */
function pipeline(functions: string, resolver = ''): Files {
  return {
    'starling.yaml': `${sound.slice(0, sound.indexOf('resolvers:'))}functions:
  - { name: check, dataSourceName: Local }
  - { name: save, dataSourceName: Local }
resolvers:
  - typeName: Mutation
    fieldName: createTask
    kind: PIPELINE
    pipelineConfig: { functions: [${functions}] }
${resolver}`,
    'resolvers/Mutation.createTask.request.vtl': null,
    'resolvers/Mutation.createTask.response.vtl': null,
    'functions/check.request.vtl': '{}',
    'functions/check.response.vtl': '{}',
    'functions/save.request.vtl': '{}',
    'functions/save.response.vtl': '{}',
  };
}

describe('a pipeline', () => {
  it('should have its functions in their order, and no handlers of its own where it has no files', async () => {
    const definition = await load(pipeline('save, check, save'));

    expect([...definition.functions.keys()]).toEqual(['check', 'save']);
    expect(definition.resolvers.get('Mutation.createTask')).toMatchObject({
      kind: 'PIPELINE',
      functions: ['save', 'check', 'save'].map((name) => ({ name, dataSourceName: 'Local', maxBatchSize: 0 })),
      handlers: { request: null, response: null, files: [] },
    });
  });

  it('should have the templates that are in their place', async () => {
    const definition = await load({ ...pipeline('save'), 'resolvers/Mutation.createTask.request.vtl': '{}' });

    expect(definition.resolvers.get('Mutation.createTask')?.handlers).toMatchObject({
      files: [{ name: 'resolvers/Mutation.createTask.request.vtl' }],
      response: null,
    });
  });

  it('should take more functions where the limits say so', async () => {
    const files = pipeline(Array<string>(12).fill('save').join(', '), 'limits: { maxFunctionsPerPipeline: 12 }');

    expect((await load(files)).resolvers.get('Mutation.createTask')).toMatchObject({ kind: 'PIPELINE' });
  });
});

const cases: readonly FaultCase[] = [
  {
    what: 'an unknown function',
    files: pipeline('check, svae'),
    faults: ['starling.yaml:14:42  There is no function "svae". Did you mean "save"?'],
  },
  {
    what: 'more than ten functions',
    files: pipeline(Array<string>(11).fill('save').join(', ')),
    faults: ['starling.yaml:14:34  The resolver of Mutation.createTask has 11 functions. At most 10 are allowed.'],
  },
  {
    what: 'a pipeline without functions',
    files: {
      'starling.yaml': sound.replace('dataSourceName: Local }', 'kind: PIPELINE }'),
    },
    faults: ['starling.yaml:8:5  "resolvers[0].pipelineConfig" is missing. The functions: { functions: [names] }.'],
  },
  {
    what: 'a unit resolver without a data source',
    files: { 'starling.yaml': sound.replace(', dataSourceName: Local }', ' }') },
    faults: ['starling.yaml:8:5  "resolvers[0].dataSourceName" is missing. The name of one of the data sources.'],
  },
  {
    what: 'a pipeline with a data source and a batch size of its own',
    files: pipeline('save', '    dataSourceName: Local\n    maxBatchSize: 5\n'),
    faults: [
      'starling.yaml:15:5  The resolver of Mutation.createTask is of kind PIPELINE and has a "dataSourceName". Remove it: each function has its own.',
      'starling.yaml:16:5  The resolver of Mutation.createTask is of kind PIPELINE and has a "maxBatchSize". Put it on the function.',
    ],
  },
  {
    what: 'functions of a unit resolver',
    files: {
      'starling.yaml': sound.replace(
        'dataSourceName: Local }',
        'dataSourceName: Local, pipelineConfig: { functions: [] } }',
      ),
    },
    faults: [
      'starling.yaml:8:73  The resolver of Mutation.createTask is of kind UNIT and has a "pipelineConfig". Add kind: PIPELINE, or remove it.',
    ],
  },
  {
    what: 'functions without a kind or a data source, once',
    files: {
      'starling.yaml': sound.replace('dataSourceName: Local }', 'pipelineConfig: { functions: [] } }'),
    },
    faults: [
      'starling.yaml:8:50  The resolver of Mutation.createTask is of kind UNIT and has a "pipelineConfig". Add kind: PIPELINE, or remove it.',
    ],
  },
  {
    what: 'two functions of one name, on a data source that is not there',
    files: {
      'starling.yaml': `${sound}functions:
  - { name: save, dataSourceName: Local }
  - { name: save, dataSourceName: Loacl }
`,
      'functions/save.request.vtl': '{}',
      'functions/save.response.vtl': '{}',
    },
    faults: [
      'starling.yaml:11:13  There is another function "save". Give each its own name.',
      'starling.yaml:11:35  There is no data source "Loacl". Did you mean "Local"?',
    ],
  },
  {
    what: 'a function without templates',
    files: { ...pipeline('save'), 'functions/save.response.vtl': null },
    faults: [
      'starling.yaml:9:5  The response template of the function save is missing: there is no file "functions/save.response.vtl". Add the file, or correct the path.',
    ],
  },
  {
    what: 'a faulty function only once, and not its pipelines',
    files: { ...pipeline('save, save'), 'functions/save.request.vtl': '#if(' },
    faults: ['functions/save.request.vtl:'],
  },
  {
    what: 'another version of templates',
    files: {
      'starling.yaml': `${sound}functions: [{ name: save, dataSourceName: Local, functionVersion: 2017-02-28 }]\n`,
    },
    faults: [
      'starling.yaml:9:67  "functions[0].functionVersion" does not take "2017-02-28". Did you mean "2018-05-29"?',
    ],
  },
];

describe('faults of functions and pipelines', () => {
  it.each(cases)('should report $what', async ({ files, faults }) => {
    expect(await faultsLike(files, faults)).toEqual(faults);
  });
});
