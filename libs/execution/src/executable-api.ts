import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLInterfaceType, GraphQLUnionType } from 'graphql';
import type { GraphQLFieldConfig, GraphQLSchema } from 'graphql';
import type { ApiDefinition } from '#libs/api-definition';
import type { DataSource } from '#libs/data-sources';
import { FieldError, isJsonObject } from '#libs/protocol';
import type { BudgetLimits } from '#libs/resolver-runtime';
import { isAllowed } from './authorise-field.js';
import { FairTurns } from './fair-turns.js';
import type { RequestContext } from './request-context.js';
import { assertDepth } from './request-limits.js';
import { recordingRuntimeTypes, resolveTypeByName } from './runtime-types.js';
import { createResolver } from './resolver/create-resolver.js';
import type { ResolverParts } from './resolver/create-resolver.js';

/** An API definition joined with its data sources: a schema whose fields do what the definition says. */
export interface ExecutableApi {
  readonly definition: ApiDefinition;
  readonly schema: GraphQLSchema;
}

export interface ExecutableApiOptions {
  /** One for every data source that the definition names. */
  readonly dataSources: ReadonlyMap<string, DataSource>;
  /** Limits of one handler run, over those of the definition. Default: AppSync's. */
  readonly limits?: Partial<BudgetLimits>;
}

type Field = GraphQLFieldConfig<unknown, RequestContext, Readonly<Record<string, unknown>>>;

/**
 * Builds the schema that both the api and the gateway execute. Every field checks its policy and depth, then runs its
 * resolver, else takes the parent's property of its name; a root field without a resolver is null (AppSync reference, section 7.1).
 * The definition's own schema is left as it is. Throws if the definition names a data source that is not given.
 */
export function buildExecutableApi(definition: ApiDefinition, options: ExecutableApiOptions): ExecutableApi {
  const parts = {
    definition,
    dataSources: options.dataSources,
    limits: handlerLimits(definition, options.limits),
    turns: new FairTurns(),
  };
  const schema = mapSchema(definition.schema, {
    [MapperKind.OBJECT_FIELD]: (field: Field, fieldName, typeName) => ({
      ...field,
      resolve: recordingRuntimeTypes(field.type, fieldResolver(parts, typeName, fieldName)),
    }),
    [MapperKind.INTERFACE_TYPE]: (type) =>
      new GraphQLInterfaceType({ ...type.toConfig(), resolveType: resolveTypeByName }),
    [MapperKind.UNION_TYPE]: (type) => new GraphQLUnionType({ ...type.toConfig(), resolveType: resolveTypeByName }),
  });
  return Object.freeze({ definition, schema });
}

function handlerLimits({ limits }: ApiDefinition, overrides: Partial<BudgetLimits> = {}): Partial<BudgetLimits> {
  return { maxOutputBytes: limits.maxEvaluatedBytes, maxLoopIterations: limits.maxLoopIterations, ...overrides };
}

function fieldResolver(parts: ResolverParts, typeName: string, fieldName: string): NonNullable<Field['resolve']> {
  const { definition } = parts;
  const policy = definition.policy(typeName, fieldName);
  const resolver = definition.resolvers.get(`${typeName}.${fieldName}`);
  const resolve = resolver && createResolver(resolver, parts);
  return (source, args, context, info) => {
    if (!isAllowed(policy, context.input.identity, typeName, fieldName)) throw notAuthorised(typeName, fieldName);
    assertDepth(info.path, definition.limits);
    if (resolve) return resolve({ source, args, context, info });
    return isJsonObject(source) && Object.hasOwn(source, fieldName) ? source[fieldName] : null;
  };
}

/** What a denied field answers (AppSync reference, section 5.3). */
export function notAuthorised(typeName: string, fieldName: string): FieldError {
  return new FieldError(`Not Authorized to access ${fieldName} on type ${typeName}`, 'Unauthorized');
}
