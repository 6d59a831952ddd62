import type { DataSourceStep } from '#libs/api-definition';
import { directLambdaDocument, readDirectLambdaResult } from '#libs/data-sources';
import type { DataSource } from '#libs/data-sources';
import { FieldError, isJsonObject } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { toValue } from '#libs/resolver-runtime';
import type { ResolverContext, Value } from '#libs/resolver-runtime';
import { endWith } from '../traced-part.js';
import type { ResolverRun } from './resolver-run.js';

/** A data source between its handlers: what a unit resolver is, and what a pipeline has one of for each function. */
export interface Step {
  readonly definition: DataSourceStep;
  readonly dataSource: DataSource;
  /** The function's; undefined for a unit resolver. */
  readonly functionName?: string | undefined;
}

/** What a step came to. `END`: a pipeline goes on with its own response handler. */
export interface StepResult {
  readonly value: Value;
  readonly skipTo: 'END' | 'NEXT';
}

/** The document version in which a data source's error ends the field and a null result skips the response handler. */
const version2017 = '2017-02-28';

/**
 * Runs a step: request handler, data source, response handler. An early return skips what would follow in the step. The two
 * document versions of VTL differ in what an error and a null result of the data source do (AppSync reference, section 7.1);
 * functions and code are always of the later one.
 */
export async function runStep(
  step: Step,
  run: ResolverRun,
  prev: { readonly result: Value } | null,
): Promise<StepResult> {
  const { handlers } = step.definition;
  const ctx = run.contextOf(prev);
  const requested = handlers.request && run.handle(handlers.request, ctx, 'request');
  if (requested?.kind === 'return') return requested;

  const document = requested
    ? requireDocument(requested.value, step)
    : directLambdaDocument(ctx, step.definition.maxBatchSize);
  const isVersion2017 = hasVersions(step) && document['version'] === version2017;
  const respond = (): StepResult => {
    if (!handlers.response) return { value: defaultResponse(ctx, document), skipTo: 'NEXT' };
    const responded = run.handle(handlers.response, ctx, 'response');
    return responded.kind === 'return' ? responded : { value: responded.value, skipTo: 'NEXT' };
  };
  try {
    ctx.result = toValue(await callDataSource(step, run, document));
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    run.logFailure(error, step.definition.dataSourceName);
    ctx.result = toValue(error.data);
    if (isVersion2017) {
      throw new FieldError(error.message, error.errorType, respond().value, error.errorInfo, { cause: error });
    }
    ctx.error = { message: error.message, type: error.errorType };
  }
  // A subscription's response handler always runs: it sets the filter, and without one every event would be let through.
  const isSkipped = isVersion2017 && ctx.result === null && !run.isSubscription;
  return isSkipped ? { value: null, skipTo: 'NEXT' } : respond();
}

/** A trace has the name and the type of the data source, and nothing of the document: that may hold what nobody should read. */
function callDataSource(step: Step, run: ResolverRun, document: JsonObject): Promise<JsonValue> {
  const { definition, dataSource, functionName } = step;
  const answer = dataSource.execute(document, callOf(step, run));
  if (!run.span) return answer;
  const { type } = dataSource;
  const attributes = {
    'starling.data_source.type': type,
    'starling.data_source.name': definition.dataSourceName,
    ...(functionName !== undefined && { 'starling.function.name': functionName }),
  };
  const kind = type === 'NONE' ? 'internal' : 'client';
  const part = run.span.start(`${type} ${definition.dataSourceName}`, attributes, kind);
  return endWith(part, answer);
}

function hasVersions({ definition, functionName }: Step): boolean {
  return definition.handlers.language === 'VTL' && functionName === undefined;
}

function requireDocument(value: Value, { definition }: Step): JsonObject {
  if (isJsonObject(value)) return value;
  throw definition.handlers.language === 'VTL'
    ? new FieldError('The request mapping template must render a JSON object.', 'MappingTemplate')
    : new FieldError('The request handler must return an object.', 'Code');
}

function callOf({ definition, functionName }: Step, run: ResolverRun): Parameters<DataSource['execute']>[1] {
  return run.dataSourceCall({ functionName, maxBatchSize: definition.maxBatchSize });
}

/** AppSync's response where there is none: the result, or the error of the data source or of this part of a batch. */
function defaultResponse({ result = null, error }: ResolverContext, { operation }: JsonObject): Value {
  if (error) throw new FieldError(error.message, error.type, result);
  return toValue(readDirectLambdaResult(result, operation === 'BatchInvoke' ? 1 : 0));
}
