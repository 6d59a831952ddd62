import { describe, expect, it } from 'vitest';
import { faultsLike, settingsWith } from '../../test/definition-files.js';
import type { FaultCase } from '../../test/definition-files.js';

const settingsCases: readonly FaultCase[] = [
  {
    what: 'no starling.yaml',
    files: { 'starling.yaml': null },
    faults: [
      'starling.yaml:1:1  The description of the API is missing: there is no file "starling.yaml". Add the file, or correct the path.',
    ],
  },
  {
    what: 'an empty starling.yaml',
    files: { 'starling.yaml': '' },
    faults: ['starling.yaml:1:1  The file is empty and must be a mapping. An AppSync API, as Starling serves it.'],
  },
  {
    what: 'broken YAML',
    files: settingsWith('name: boards', 'name: [boards'),
    faults: [
      'starling.yaml:2:1  Not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
  },
  {
    what: 'a variable without quotes in a flow mapping',
    files: settingsWith('key: secret', 'key: ${KEY}'),
    faults: [
      'starling.yaml:4:26  Not valid YAML: Unexpected flow-map-start at node end. Inside { } and [ ] put variables in quotes: "${NAME}".',
    ],
  },
  {
    what: 'bytes that are no UTF-8',
    files: { 'starling.yaml': new Uint8Array([0xff, 0xfe, 0x00]) },
    faults: ['starling.yaml:1:1  The description of the API, "starling.yaml", is not UTF-8 text. Save it as UTF-8.'],
  },
  {
    what: 'an unknown key',
    files: settingsWith('dataSources:', 'datasources: []\ndataSources:'),
    faults: ['starling.yaml:5:1  Unknown key "datasources". Did you mean "dataSources"?'],
  },
  {
    what: 'a key given twice',
    files: settingsWith('name: boards', 'name: boards\nname: tasks'),
    faults: ['starling.yaml:2:1  Not valid YAML: Map keys must be unique.'],
  },
  {
    what: 'a missing key',
    files: settingsWith('name: boards\n', ''),
    faults: [
      'starling.yaml:1:1  "name" is missing. Names the API in Redis keys, logs and metrics: up to 64 letters, digits, _ and -.',
    ],
  },
  {
    what: 'a value of the wrong type',
    files: settingsWith('key: secret', 'key: 12345'),
    faults: [
      'starling.yaml:4:25  "apiKeys[0].key" is a number and must be a text (put it in quotes). The secret that clients send as x-api-key: visible ASCII characters, no spaces.',
    ],
  },
  {
    what: 'a name that cannot stand in a Redis key',
    files: settingsWith('name: boards', 'name: "{boards}"'),
    faults: [
      'starling.yaml:1:7  "name" is not as it must be. Names the API in Redis keys, logs and metrics: up to 64 letters, digits, _ and -.',
    ],
  },
  {
    what: 'a DynamoDB data source without a table',
    files: settingsWith('{ name: Local, type: NONE }', '{ name: Local, type: AMAZON_DYNAMODB }'),
    faults: ['starling.yaml:6:5  "dataSources[0].dynamodbConfig" is missing. The table: tableName and awsRegion.'],
  },
  {
    what: 'two data sources of one name, one with a table it cannot have',
    files: settingsWith(
      '{ name: Local, type: NONE }',
      '{ name: Local, type: NONE }\n  - { name: Local, type: NONE, dynamodbConfig: { tableName: TasksTable, awsRegion: us-west-2 } }',
    ),
    faults: [
      'starling.yaml:7:13  There is another data source with the name "Local". Give each its own.',
      'starling.yaml:7:32  The data source "Local" is of type NONE and has a "dynamodbConfig". Make it AMAZON_DYNAMODB, or remove the config.',
    ],
  },
  {
    what: 'an environment variable that is no text, and one of an impossible name',
    files: settingsWith('dataSources:', 'environmentVariables: { TTL: 3600, __proto__: x }\ndataSources:'),
    faults: [
      'starling.yaml:5:30  "environmentVariables.TTL" is a number and must be a text (put it in quotes). A text of up to 512 characters.',
      'starling.yaml:5:36  "environmentVariables.__proto__" is no possible name here. Names match ^[A-Za-z][A-Za-z0-9_]{1,63}$.',
    ],
  },
  {
    what: 'aliases that unfold without end',
    files: {
      'starling.yaml': `a: &a [x, x]\nb: &b [${'*a, '.repeat(20)}]\nc: &c [${'*b, '.repeat(20)}]\nd: [${'*c, '.repeat(20)}]\n`,
    },
    faults: ['starling.yaml:1:1  Not valid YAML: Excessive alias count indicates a resource exhaustion attack.'],
  },
];

describe('faults of starling.yaml', () => {
  it.each(settingsCases)('should report $what', async ({ files, faults }) => {
    expect(await faultsLike(files, faults)).toEqual(faults);
  });
});
