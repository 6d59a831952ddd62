import type { ApiDefinition, DataSourceStep, ResolverDefinition } from '#libs/api-definition';
import type { DataSource } from '#libs/data-sources';
import { FieldError } from '#libs/protocol';
import type { BudgetLimits, Value } from '#libs/resolver-runtime';
import type { FairTurns } from '../fair-turns.js';
import { countResolver } from '../request-limits.js';
import { endWith } from '../traced-part.js';
import { runPipeline } from './pipeline-resolver.js';
import { ResolverRun } from './resolver-run.js';
import type { FieldCall } from './field-call.js';
import { runStep } from './run-step.js';
import type { Step } from './run-step.js';

/** What resolvers are joined with. */
export interface ResolverParts {
  readonly definition: ApiDefinition;
  readonly dataSources: ReadonlyMap<string, DataSource>;
  /** Of each handler. */
  readonly limits: Partial<BudgetLimits>;
  /** Shared by all resolvers of the API. */
  readonly turns: FairTurns;
}

/** A resolver that is ready to run. */
export type FieldResolver = (call: FieldCall) => Promise<Value>;

/** Joins a resolver with its data sources. Throws if one of them is not given. */
export function createResolver(resolver: ResolverDefinition, parts: ResolverParts): FieldResolver {
  const { definition, dataSources, limits, turns } = parts;
  const execute = executorOf(resolver, dataSources);
  const resolve: FieldResolver = async (call) => {
    countResolver(call.context, definition.limits);
    const turn = turns.take();
    if (turn) await turn;
    const run = new ResolverRun({ definition, resolver, limits }, call);
    try {
      return await execute(run);
    } catch (error) {
      throw error instanceof FieldError ? run.showToClient(error) : error;
    }
  };
  const name = `${resolver.typeName}.${resolver.fieldName}`;
  return (call) => {
    const { span: parent } = call.context.input;
    if (!parent) return resolve(call);
    const span = parent.start(name, { 'graphql.field.name': name, 'starling.resolver.kind': resolver.kind });
    return endWith(span, resolve({ ...call, span }));
  };
}

function executorOf(
  resolver: ResolverDefinition,
  dataSources: ReadonlyMap<string, DataSource>,
): (run: ResolverRun) => Promise<Value> {
  if (resolver.kind === 'PIPELINE') {
    const steps = resolver.functions.map((one) => createStep(one, dataSources, one.name));
    return (run) => runPipeline(resolver, steps, run);
  }
  const step = createStep(resolver, dataSources);
  return async (run) => (await runStep(step, run, null)).value;
}

function createStep(
  definition: DataSourceStep,
  dataSources: ReadonlyMap<string, DataSource>,
  functionName?: string,
): Step {
  const dataSource = dataSources.get(definition.dataSourceName);
  if (!dataSource) throw new Error(`The data source "${definition.dataSourceName}" was not given.`);
  return { definition, dataSource, functionName };
}
