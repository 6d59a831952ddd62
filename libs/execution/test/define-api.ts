import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadApiDefinition } from '#libs/api-definition';
import type { DataSource, DataSourceCall } from '#libs/data-sources';
import type { JsonObject } from '#libs/protocol';
import { buildExecutableApi } from '../src/index.js';
import type { ExecutableApi } from '../src/index.js';

/** What a data source does: answer, now or later, or throw. */
export type Answer = (document: JsonObject) => unknown;

/** Handlers around a data source that answers. */
export interface StepCase {
  /** Default: the document's `payload`, as with NONE. */
  readonly answer?: Answer;
  /** Default: `$ctx.args` as the payload, in version 2018-05-29. */
  readonly request?: string;
  /** Default: `$ctx.result`. */
  readonly response?: string;
  /** In place of templates. */
  readonly code?: string;
  /** No handlers but those given here. Default: false, and always so for pipelines. */
  readonly isDirect?: boolean;
}

/** A resolver by what its data source answers, with templates that pass it on, or with handlers of its own. */
export interface ResolverCase extends StepCase {
  /** Names of functions: the resolver is a pipeline. Then it has no handlers but those given here. */
  readonly functions?: readonly string[];
}

export interface ApiCase {
  readonly sdl: string;
  /** By `Type.field`. */
  readonly resolvers?: Readonly<Record<string, ResolverCase>>;
  /** By name. */
  readonly functions?: Readonly<Record<string, StepCase>>;
  /** `$ctx.env`. */
  readonly environmentVariables?: Readonly<Record<string, string>>;
  /** Further keys of `starling.yaml`. */
  readonly settings?: JsonObject;
  /** Hears every call of the data source. */
  readonly listen?: (call: DataSourceCall) => void;
}

const passArguments = '{"version": "2018-05-29", "payload": $util.toJson($ctx.args)}';
const passResult = '$util.toJson($ctx.result)';

/**
 * An API as a folder would define it, which is written, loaded and gone: API keys by default, user pools beside them, and one data
 * source that answers as the case of each resolver or function says.
 */
export async function defineApi(api: ApiCase): Promise<ExecutableApi> {
  const { resolvers = {}, functions = {} } = api;
  const dir = await mkdtemp(join(tmpdir(), 'starling-execution-'));
  try {
    await writeFile(join(dir, 'schema.graphql'), api.sdl);
    await writeFile(join(dir, 'starling.yaml'), JSON.stringify(settingsOf(api)));
    await mkdir(join(dir, 'resolvers'));
    for (const [name, one] of Object.entries(resolvers)) {
      const defaults = one.functions || one.isDirect ? {} : { request: passArguments, response: passResult };
      await writeHandlers(join(dir, 'resolvers', name), one, defaults);
    }
    await mkdir(join(dir, 'functions'));
    for (const [name, one] of Object.entries(functions)) {
      await writeHandlers(join(dir, 'functions', name), one, { request: passArguments, response: passResult });
    }
    const definition = await loadApiDefinition(dir, { variables: {} });
    return buildExecutableApi(definition, { dataSources: new Map([['Tasks', answering(api)]]) });
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function writeHandlers(base: string, one: StepCase, defaults: Partial<StepCase>): Promise<void> {
  if (one.code !== undefined) return writeFile(`${base}.js`, one.code);
  const { request, response } = { ...defaults, ...one };
  if (request !== undefined) await writeFile(`${base}.request.vtl`, request);
  if (response !== undefined) await writeFile(`${base}.response.vtl`, response);
}

/** `starling.yaml`: JSON is YAML. */
function settingsOf({ resolvers = {}, functions = {}, environmentVariables = {}, settings = {} }: ApiCase): object {
  return {
    name: 'tasks',
    authenticationType: 'API_KEY',
    apiKeys: [{ id: 'default', key: 'da2-secret' }],
    additionalAuthenticationProviders: [
      {
        authenticationType: 'AMAZON_COGNITO_USER_POOLS',
        userPoolConfig: { userPoolId: 'local_tasks', awsRegion: 'us-west-2' },
      },
    ],
    environmentVariables,
    dataSources: [{ name: 'Tasks', type: 'NONE' }],
    functions: Object.keys(functions).map((name) => ({ name, dataSourceName: 'Tasks' })),
    resolvers: Object.entries(resolvers).map(([name, one]) => {
      const [typeName, fieldName] = name.split('.');
      return one.functions
        ? { typeName, fieldName, kind: 'PIPELINE', pipelineConfig: { functions: one.functions } }
        : { typeName, fieldName, dataSourceName: 'Tasks' };
    }),
    ...settings,
  };
}

function answering({ resolvers = {}, functions = {}, listen }: ApiCase): DataSource {
  return {
    type: 'NONE',
    async execute(document, call) {
      listen?.(call);
      const { resolver, functionName } = call;
      const step = functionName === undefined ? resolvers[resolver] : functions[functionName];
      const answer = step?.answer ?? (({ payload }) => payload ?? null);
      return (await answer(document)) as never;
    },
    async close() {},
  };
}
