import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadApiDefinition } from '#libs/api-definition';
import type { ApiDefinition } from '#libs/api-definition';
import type { JsonObject } from '#libs/protocol';

/** Lets in every token but `no`, and shows resolvers what it was told. */
const authorizer = `export function handler({ authorizationToken, requestContext }) {
  const { apiId, operationName } = requestContext;
  return {
    isAuthorized: authorizationToken !== 'no',
    resolverContext: { authorizationToken, apiId, operationName, pid: process.pid },
    deniedFields: ['Query.secret', 'Root.hidden'],
  };
}
`;

/** Ways to authenticate, the default first, as `starling.yaml` has them. */
export type Modes = readonly [JsonObject, ...JsonObject[]];

/** The definition of an API that lets requests in by these modes. Its folder stays until the test is over: an authorizer is in it. */
export async function defineModes(
  [main, ...additional]: Modes,
  apiKeys?: readonly JsonObject[],
): Promise<ApiDefinition> {
  const dir = await mkdtemp(join(tmpdir(), 'starling-modes-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await mkdir(join(dir, 'functions'));
  await writeFile(join(dir, 'functions/authorizer.mjs'), authorizer);
  await writeFile(
    join(dir, 'schema.graphql'),
    'interface Root { hidden: ID } type Query implements Root { task: ID secret: ID hidden: ID }',
  );
  const settings = {
    name: 'tasks',
    ...main,
    ...(apiKeys && { apiKeys }),
    ...(additional.length > 0 && { additionalAuthenticationProviders: additional }),
  };
  await writeFile(join(dir, 'starling.yaml'), JSON.stringify(settings));
  return loadApiDefinition(dir, { variables: {} });
}
