import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadApiDefinition } from '#libs/api-definition';
import type { DataSource } from '#libs/data-sources';
import type { JsonObject } from '#libs/protocol';
import { buildExecutableApi } from '../src/index.js';
import type { ExecutableApi } from '../src/index.js';

/** What a resolver's data source does: answer, or throw. */
export type Answer = (document: JsonObject) => unknown;

/** A resolver by what its data source answers, with templates that pass it on, or with templates of its own. */
export interface ResolverCase {
  /** Default: the document's `payload`, as with NONE. */
  readonly answer?: Answer;
  /** Default: `$ctx.args` as the payload, in version 2018-05-29. */
  readonly request?: string;
  /** Default: `$ctx.result`. */
  readonly response?: string;
}

export interface ApiCase {
  readonly sdl: string;
  /** By `Type.field`. */
  readonly resolvers?: Readonly<Record<string, ResolverCase>>;
  /** `$ctx.env`. */
  readonly environmentVariables?: Readonly<Record<string, string>>;
}

const passArguments = '{"version": "2018-05-29", "payload": $util.toJson($ctx.args)}';
const passResult = '$util.toJson($ctx.result)';

/**
 * An API as a folder would define it, which is written, loaded and gone: API keys by default, user pools beside them, and one data
 * source that answers as each resolver's case says.
 */
export async function defineApi({ sdl, resolvers = {}, environmentVariables = {} }: ApiCase): Promise<ExecutableApi> {
  const dir = await mkdtemp(join(tmpdir(), 'starling-execution-'));
  try {
    await mkdir(join(dir, 'resolvers'));
    await writeFile(join(dir, 'schema.graphql'), sdl);
    await writeFile(
      join(dir, 'starling.yaml'),
      JSON.stringify(settingsOf(Object.keys(resolvers), environmentVariables)),
    );
    for (const [name, { request = passArguments, response = passResult }] of Object.entries(resolvers)) {
      await writeFile(join(dir, `resolvers/${name}.request.vtl`), request);
      await writeFile(join(dir, `resolvers/${name}.response.vtl`), response);
    }
    const definition = await loadApiDefinition(dir, { variables: {} });
    return buildExecutableApi(definition, { dataSources: new Map([['Tasks', answering(resolvers)]]) });
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** `starling.yaml`: JSON is YAML. */
function settingsOf(resolvers: readonly string[], environmentVariables: object): object {
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
    resolvers: resolvers.map((name) => {
      const [typeName, fieldName] = name.split('.');
      return { typeName, fieldName, dataSourceName: 'Tasks' };
    }),
  };
}

function answering(resolvers: Readonly<Record<string, ResolverCase>>): DataSource {
  return {
    type: 'NONE',
    async execute(document, { resolver }) {
      const answer = resolvers[resolver]?.answer ?? (({ payload }) => payload ?? null);
      return answer(document) as never;
    },
    async close() {},
  };
}
