import type { GraphQLResolveInfo } from 'graphql';
import type { ApiDefinition, ResolverDefinition } from '#libs/api-definition';
import type { DataSource } from '#libs/data-sources';
import { FieldError, isJsonObject } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { toValue } from '#libs/resolver-runtime';
import type { BudgetLimits, HandlerResult, ResolverContext, Run, Value, ValueMap } from '#libs/resolver-runtime';
import { isAllowed } from './authorise-field.js';
import { withReadableData } from './error-data.js';
import type { RequestContext } from './request-context.js';
import { pathToList } from './response-path.js';

/** What a resolver is made of. */
export interface UnitResolver {
  readonly definition: ApiDefinition;
  readonly resolver: ResolverDefinition;
  readonly dataSource: DataSource;
  readonly limits: Partial<BudgetLimits> | undefined;
}

/** What graphql-js gives a field that is resolved. */
export interface FieldCall {
  readonly source: unknown;
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  readonly info: GraphQLResolveInfo;
}

/** The document version in which a data source's error ends the field and a null result skips the response handler. */
const version2017 = '2017-02-28';

/**
 * Runs a unit resolver: request handler, data source, response handler. The two document versions differ in what an error
 * and a null result of the data source do (AppSync reference, section 7.1).
 */
export async function resolveUnit(unit: UnitResolver, call: FieldCall): Promise<unknown> {
  try {
    return await runUnit(unit, call);
  } catch (error) {
    throw error instanceof FieldError ? showToClient(error, unit, call) : error;
  }
}

async function runUnit(unit: UnitResolver, call: FieldCall): Promise<Value> {
  const ctx = createResolverContext(unit, call);
  const requested = runHandler(unit, call, ctx, 'request');
  if (requested.kind === 'return') return requested.value;

  const document = requireDocument(requested.value);
  const isVersion2017 = document.version === version2017;
  const respond = (): Value => runHandler(unit, call, ctx, 'response').value;
  try {
    ctx.result = toValue(await unit.dataSource.execute(document, callOf(unit, call)));
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    ctx.result = toValue(error.data);
    if (isVersion2017)
      throw new FieldError(error.message, error.errorType, respond(), error.errorInfo, { cause: error });
    ctx.error = { message: error.message, type: error.errorType };
  }
  return isVersion2017 && ctx.result === null ? null : respond();
}

/** Runs one handler and keeps, with the field it belongs to, what it did to the request. A handler that fails invalidates nothing. */
function runHandler(unit: UnitResolver, call: FieldCall, ctx: ResolverContext, phase: Run['phase']): HandlerResult {
  const { context, info } = call;
  const { effects } = context;
  const path = pathToList(info.path);
  const known = { errors: effects.errors.length, invalidations: effects.invalidations.length };
  try {
    const result = unit.resolver.handlers[phase](ctx, createRun(unit, call, phase));
    const rootKey = String(path[0]);
    const asked = [...(context.invalidations.get(rootKey) ?? []), ...effects.invalidations.slice(known.invalidations)];
    context.invalidations.set(rootKey, asked);
    return result;
  } catch (error) {
    // Or the same invalidation in a later field would count as known, and be lost.
    effects.invalidations.length = known.invalidations;
    throw error;
  } finally {
    const locations = info.fieldNodes.flatMap(({ loc }) =>
      loc ? [{ line: loc.startToken.line, column: loc.startToken.column }] : [],
    );
    for (const error of effects.errors.slice(known.errors)) {
      context.appendedErrors.push({ error: showToClient(error, unit, call), path, locations });
    }
  }
}

function showToClient(error: FieldError, { definition }: UnitResolver, { context, info }: FieldCall): FieldError {
  return withReadableData(error, info, (typeName, fieldName) =>
    isAllowed(definition.policy(typeName, fieldName), context.input.identity),
  );
}

function requireDocument(value: Value): JsonObject {
  if (isJsonObject(value)) return value;
  throw new FieldError('The request mapping template must render a JSON object.', 'MappingTemplate');
}

function callOf(unit: UnitResolver, { context }: FieldCall): Parameters<DataSource['execute']>[1] {
  return { resolver: `${unit.resolver.typeName}.${unit.resolver.fieldName}`, signal: context.input.signal };
}

function createResolverContext(unit: UnitResolver, { source, args, context, info }: FieldCall): ResolverContext {
  const { identity, headers, domainName } = context.input;
  return {
    args: toValue(args) as ValueMap,
    source: toValue(source),
    identity: toValue(identity.context),
    request: { headers: withoutCookie(headers), domainName: domainName ?? null },
    stash: toValue({}) as ValueMap,
    prev: null,
    info: {
      fieldName: info.fieldName,
      parentTypeName: info.parentType.name,
      variables: toValue(info.variableValues) as ValueMap,
    },
    env: toValue(unit.definition.environmentVariables) as ValueMap,
  };
}

/** Cookies are a browser's, for whatever else is served from the domain: AppSync keeps them from resolvers. */
function withoutCookie(headers: FieldCall['context']['input']['headers']): ValueMap {
  const visible = toValue(headers) as ValueMap;
  delete visible['cookie'];
  return visible;
}

function createRun(unit: UnitResolver, { context, info }: FieldCall, phase: Run['phase']): Run {
  const { input, effects } = context;
  const details = { resolver: `${info.parentType.name}.${info.fieldName}`, requestId: input.requestId };
  return {
    effects,
    phase,
    authType: input.identity.authType,
    operation: info.operation.operation,
    limits: unit.limits,
    log: (level, message) => input.log?.(level, message, details),
  };
}
