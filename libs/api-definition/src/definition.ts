import type { GraphQLSchema } from 'graphql';
import type { ResolverHandlers, TemplateSource } from '#libs/resolver-runtime';
import type { Fault } from './fault.js';
import type { Authentication } from './parts/authentication.js';
import type { DataSourceDefinition } from './parts/data-sources.js';
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
  /** By `Type.field`. */
  readonly resolvers: ReadonlyMap<string, ResolverDefinition>;
  /** Subscription field → the mutation fields that trigger it. A subscription field without any is absent. */
  readonly subscriptions: ReadonlyMap<string, readonly string[]>;
  /** Mutation field → the subscription fields that it triggers. A mutation field without any is absent. */
  readonly publications: ReadonlyMap<string, readonly string[]>;
  /** What handlers see as `$ctx.env`. */
  readonly environmentVariables: Readonly<Record<string, string>>;
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

/** One data source between a request and a response handler (AppSync's `UNIT`). */
export interface ResolverDefinition {
  readonly typeName: string;
  readonly fieldName: string;
  readonly kind: 'UNIT';
  readonly dataSourceName: string;
  /** The templates as they were read; `name` is the path inside the folder. */
  readonly templates: { readonly request: TemplateSource; readonly response: TemplateSource };
  /** The templates, compiled. */
  readonly handlers: ResolverHandlers;
}
