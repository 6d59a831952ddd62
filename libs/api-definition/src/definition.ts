import type { GraphQLSchema } from 'graphql';
import type { HandlerResult, ResolverContext, Run } from '#libs/resolver-runtime';
import type { FolderFile } from './definition-folder.js';
import type { Fault } from './fault.js';
import type { Authentication } from './parts/authentication/authentication.js';
import type { DataSourceDefinition } from './parts/data-sources.js';
import type { ApiLimits } from './parts/limits.js';
import type { LocalSettings } from './parts/local-settings.js';
import type { FieldPolicy } from './sdl/field-policy.js';

/**
 * What an API is: one folder, read and checked. Both kinds of pod work from this and nothing else. Plain data, deeply frozen;
 * its maps refuse to be written.
 */
export interface ApiDefinition {
  /** Names the API in Redis keys, logs and metrics. */
  readonly name: string;
  /** AWS scalars work, AWS directives stand in the `astNode`s, no field has a resolver. */
  readonly schema: GraphQLSchema;
  /** The SDL as the user wrote it. */
  readonly sdl: string;
  readonly authentication: Authentication;
  /** By data source name. */
  readonly dataSources: ReadonlyMap<string, DataSourceDefinition>;
  /** By function name. A pipeline has its own functions in `functions`. */
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  /** By `Type.field`. */
  readonly resolvers: ReadonlyMap<string, ResolverDefinition>;
  /** Subscription field → the mutation fields that trigger it. A subscription field without any is absent. */
  readonly subscriptions: ReadonlyMap<string, readonly string[]>;
  /** Mutation field → the subscription fields that it triggers. A mutation field without any is absent. */
  readonly publications: ReadonlyMap<string, readonly string[]>;
  /** What handlers see as `$ctx.env`. */
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly limits: ApiLimits;
  /** False: documents that ask for the schema itself are not valid. `__typename` always is. */
  readonly isIntrospectionEnabled: boolean;
  /** What a laptop run creates; the api and gateway pods ignore it. */
  readonly local: LocalSettings;
  /** What is legal and probably not meant, in the order of the files. To be logged at start. */
  readonly warnings: readonly Fault[];
  /**
   * Who may read a field (AppSync reference, section 5.3). Introspection fields (`__typename`, `__schema`, `__type`) are open to every
   * mode of the API. Throws a RangeError for a field that the schema does not have.
   */
  policy(typeName: string, fieldName: string): FieldPolicy;
}

/** What a field does instead of reading the property of its name. */
export type ResolverDefinition = UnitResolverDefinition | PipelineResolverDefinition;

/** One data source between a request and a response handler (AppSync's `UNIT`). */
export interface UnitResolverDefinition extends DataSourceStep {
  readonly kind: 'UNIT';
  readonly typeName: string;
  readonly fieldName: string;
}

/** Functions, one after the other, between a handler before and a handler after them (AppSync's `PIPELINE`). */
export interface PipelineResolverDefinition {
  readonly kind: 'PIPELINE';
  readonly typeName: string;
  readonly fieldName: string;
  /** In the order they run in; one may occur twice. */
  readonly functions: readonly FunctionDefinition[];
  readonly handlers: HandlersDefinition;
}

/** One step of pipelines. Always of template version 2018-05-29. */
export interface FunctionDefinition extends DataSourceStep {
  readonly name: string;
}

/** A data source and what runs before and after it. */
export interface DataSourceStep {
  readonly dataSourceName: string;
  readonly handlers: HandlersDefinition;
  /** The most invocations of a Lambda function that are sent as one, up to 2000. 0: not asked for. */
  readonly maxBatchSize: number;
}

type Handler = (ctx: ResolverContext, run: Run) => HandlerResult;

/** A request and a response handler, compiled. */
export interface HandlersDefinition {
  /** Tells what an early return and an error of the data source do (AppSync reference, sections 7.1 and 7.6). */
  readonly language: 'VTL' | 'APPSYNC_JS';
  /** As they were written: one file of code, or up to two templates. */
  readonly files: readonly FolderFile[];
  /** Null: the default of AppSync, for a Lambda function all of the context, before a pipeline's functions nothing. */
  readonly request: Handler | null;
  /** Null: the default of AppSync, the result, or the data source's error. */
  readonly response: Handler | null;
}
