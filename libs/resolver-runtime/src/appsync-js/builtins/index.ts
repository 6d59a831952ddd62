import { aiModule } from '../../modules/ai/index.js';
import { dynamodbModule } from '../../modules/dynamodb/index.js';
import { rdsModule } from '../../modules/rds/index.js';
import {
  consoleFunctions,
  createModule,
  extensionFunctions,
  runtimeFunctions,
  utilFunctions,
} from './appsync-functions.js';
import { createNamespace } from './builtin.js';
import type { Builtin, BuiltinNamespace } from './builtin.js';
import { jsonFunctions } from './json-functions.js';
import { mathFunctions, numberFunctions } from './number-functions.js';
import { objectFunctions } from './object-functions.js';

/** What `@aws-appsync/utils` exports; its types are erased and nothing at run. */
const utilsModule = createNamespace({
  util: utilFunctions,
  extensions: extensionFunctions,
  runtime: runtimeFunctions,
});

/** Names that handlers have without an import. */
export const globals: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ...utilsModule.members,
  ['console', consoleFunctions],
  ['JSON', jsonFunctions],
  ['Math', mathFunctions],
  ['Number', numberFunctions],
  ['Object', objectFunctions],
]);

/** Values that are names in JavaScript. */
export const globalValues: ReadonlyMap<string, number | undefined> = new Map([
  ['undefined', undefined],
  ['NaN', NaN],
  ['Infinity', Infinity],
]);

/** What can be imported. */
export const modules: ReadonlyMap<string, BuiltinNamespace> = new Map([
  ['@aws-appsync/utils', utilsModule],
  ['@aws-appsync/utils/ai', createModule(aiModule)],
  ['@aws-appsync/utils/dynamodb', createModule(dynamodbModule)],
  ['@aws-appsync/utils/rds', createModule(rdsModule)],
]);
