import type { JsonValue } from '#libs/protocol';
import { compileVtlHandlers, createEffects, toValue } from '#libs/resolver-runtime';
import type { ValueMap } from '#libs/resolver-runtime';

const source = { name: 'Query.tasks.response.vtl', text: '#return($util.rds.toJsonObject($ctx.result))' };
const handlers = compileVtlHandlers({ request: source, response: source });

/** One value of a raw result, by the name of its type. */
export type RawField = Readonly<Record<string, JsonValue>>;

/** The first statement's result as it stands in `ctx.result`. */
export interface RawResult {
  readonly numberOfRecordsUpdated: number;
  readonly records?: readonly (readonly RawField[])[];
  readonly columnMetadata?: readonly { readonly label: string; readonly typeName: string }[];
  readonly generatedFields?: readonly RawField[];
}

/** What `$util.rds.toJsonObject($ctx.result)` makes of a data source's result: rows by statement. */
export function rowsOf(result: JsonValue): unknown {
  const empty = () => toValue({}) as ValueMap;
  return handlers.response(
    {
      args: empty(),
      source: null,
      identity: null,
      request: { headers: empty(), domainName: null },
      stash: empty(),
      prev: null,
      result: toValue(result),
      info: { fieldName: 'tasks', parentTypeName: 'Query', variables: empty() },
      env: empty(),
    },
    { effects: createEffects(), authType: 'API Key Authorization', phase: 'response', operation: 'query' },
  ).value;
}

/** The first statement's result, raw. */
export function firstResultOf(result: JsonValue): RawResult {
  return (JSON.parse(result as string) as { sqlStatementResults: [RawResult] }).sqlStatementResults[0];
}
