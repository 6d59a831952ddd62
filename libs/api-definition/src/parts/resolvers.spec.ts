import { describe, expect, it } from 'vitest';
import { faultsLike, schemaWith, settingsWith } from '../../test/definition-files.js';
import type { FaultCase } from '../../test/definition-files.js';

const long = 'x'.repeat(64 * 1024 + 1);

const resolverCases: readonly FaultCase[] = [
  {
    what: 'an unknown type',
    files: settingsWith('typeName: Mutation', 'typeName: Mutatoin'),
    faults: [
      'starling.yaml:8:5  The request template of Mutatoin.createTask is missing: there is no file "resolvers/Mutatoin.createTask.request.vtl". Add the file, or correct the path.',
      'starling.yaml:8:5  The response template of Mutatoin.createTask is missing: there is no file "resolvers/Mutatoin.createTask.response.vtl". Add the file, or correct the path.',
      'starling.yaml:8:17  The schema has no type "Mutatoin". Did you mean "Mutation"?',
    ],
  },
  {
    what: 'a type that is no object type',
    files: {
      ...settingsWith('typeName: Mutation, fieldName: createTask', 'typeName: Priority, fieldName: low'),
      ...schemaWith('type Query', 'enum Priority { low }\ntype Query'),
      'resolvers/Priority.low.request.vtl': '{}',
      'resolvers/Priority.low.response.vtl': '{}',
    },
    faults: ['starling.yaml:8:17  "Priority" is not an object type. There is Task, Query, Mutation and Subscription.'],
  },
  {
    what: 'an unknown field',
    files: {
      ...settingsWith('fieldName: createTask', 'fieldName: createTsk'),
      'resolvers/Mutation.createTsk.request.vtl': '{}',
      'resolvers/Mutation.createTsk.response.vtl': '{}',
    },
    faults: ['starling.yaml:8:38  The type Mutation has no field "createTsk". Did you mean "createTask"?'],
  },
  {
    what: 'two resolvers of one field',
    files: settingsWith(
      'dataSourceName: Local }',
      'dataSourceName: Local }\n  - { typeName: Mutation, fieldName: createTask, dataSourceName: Local }',
    ),
    faults: [
      'starling.yaml:9:5  There is another resolver for Mutation.createTask. A field has one; remove the other.',
    ],
  },
  {
    what: 'an unknown data source',
    files: settingsWith('dataSourceName: Local', 'dataSourceName: Loacl'),
    faults: ['starling.yaml:8:66  There is no data source "Loacl". Did you mean "Local"?'],
  },
  {
    what: 'a missing template',
    files: { 'resolvers/Mutation.createTask.response.vtl': null },
    faults: [
      'starling.yaml:8:5  The response template of Mutation.createTask is missing: there is no file "resolvers/Mutation.createTask.response.vtl". Add the file, or correct the path.',
    ],
  },
  {
    what: 'a template path that leads out of the folder',
    files: settingsWith('dataSourceName: Local }', 'dataSourceName: Local, requestMappingTemplate: ../../etc/passwd }'),
    faults: [
      'starling.yaml:8:97  The path "../../etc/passwd" of the request template of Mutation.createTask leads out of the folder. Name a file inside the folder, without "..".',
    ],
  },
  {
    what: 'an absolute schema path',
    files: settingsWith('name: boards', 'name: boards\nschema: /etc/passwd'),
    faults: [
      'starling.yaml:2:9  The path "/etc/passwd" of the schema leads out of the folder. Name a file inside the folder, without "..".',
    ],
  },
  {
    what: 'a folder in place of a template',
    files: settingsWith('dataSourceName: Local }', 'dataSourceName: Local, requestMappingTemplate: resolvers }'),
    faults: [
      'starling.yaml:8:97  The request template of Mutation.createTask, "resolvers", is not a file. Name a file.',
    ],
  },
  {
    what: 'a template of more than 64 KB',
    files: { 'resolvers/Mutation.createTask.request.vtl': long },
    faults: [
      'starling.yaml:8:5  The request template of Mutation.createTask, "resolvers/Mutation.createTask.request.vtl", has 65537 bytes. At most 65536 are allowed.',
    ],
  },
  {
    what: 'templates that do not parse, both of them',
    files: {
      'resolvers/Mutation.createTask.request.vtl': '{}\n#if($a)\n',
      'resolvers/Mutation.createTask.response.vtl': '\n#foreach($x of [1])#end',
    },
    faults: ['resolvers/Mutation.createTask.request.vtl:', 'resolvers/Mutation.createTask.response.vtl:2:'],
  },
];

describe('faults of resolvers and their files', () => {
  it.each(resolverCases)('should report $what', async ({ files, faults }) => {
    expect(await faultsLike(files, faults)).toEqual(faults);
  });
});
