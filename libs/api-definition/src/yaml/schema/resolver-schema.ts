import { closed, has, ifThen, list, nameOf, oneOf, text, whenThen, wholeNumber } from './schema-parts.js';

const runtime = closed(
  {
    name: oneOf(['APPSYNC_JS'], 'The language of the code: APPSYNC_JS'),
    runtimeVersion: oneOf(['1.0.0'], 'The version of the language: 1.0.0'),
  },
  ['name', 'runtimeVersion'],
  { description: 'The runtime of the code: { name: APPSYNC_JS, runtimeVersion: 1.0.0 }' },
);

/** What resolvers and functions have alike: code or templates. */
const handlers = (place: string, use: string) => {
  const template = (part: string) =>
    text(`Path of the ${part} mapping template${use}, inside the folder. Default: ${place}.${part}.vtl`);
  return {
    code: text(`Path of the code, inside the folder: JavaScript, or TypeScript (.ts). Default: ${place}.js or .ts`),
    runtime,
    requestMappingTemplate: template('request'),
    responseMappingTemplate: template('response'),
    maxBatchSize: wholeNumber(
      0,
      2000,
      'How many invocations of a Lambda function are sent as one BatchInvoke, 0 to 2000. Default 0: what the document says',
    ),
  };
};

const codeNeedsRuntime = ifThen({ required: ['code'] }, 'runtime', runtime.description);

export const resolver = closed(
  {
    typeName: text('An object type of the schema'),
    fieldName: text('A field of that type'),
    kind: oneOf(['UNIT', 'PIPELINE'], 'UNIT (default): one data source. PIPELINE: functions, one after the other'),
    dataSourceName: text('The name of one of the data sources'),
    pipelineConfig: closed(
      { functions: list(text('The name of one of the functions'), 'Names of functions, in the order they run in') },
      ['functions'],
      { description: 'The functions of a resolver of kind PIPELINE' },
    ),
    ...handlers('resolvers/<typeName>.<fieldName>', ''),
  },
  ['typeName', 'fieldName'],
  {
    allOf: [
      whenThen('kind', 'PIPELINE', 'pipelineConfig', 'The functions: { functions: [names] }'),
      ifThen(
        { not: { anyOf: [has('kind', 'PIPELINE'), { required: ['pipelineConfig'] }] } },
        'dataSourceName',
        'The name of one of the data sources',
      ),
      codeNeedsRuntime,
    ],
  },
);

export const pipelineFunction = closed(
  {
    name: nameOf('pipelines'),
    description: { type: 'string', description: 'A note for readers' },
    dataSourceName: text('The name of one of the data sources'),
    functionVersion: oneOf(['2018-05-29'], 'The version of the templates: 2018-05-29, which is also the default'),
    ...handlers('functions/<name>', ' of the function'),
  },
  ['name', 'dataSourceName'],
  codeNeedsRuntime,
);
