import { getNamedType } from 'graphql';
import type { ApiDefinition, HandlersDefinition, ResolverDefinition } from '#libs/api-definition';
import type { DataSourceCall } from '#libs/data-sources';
import type { FieldError } from '#libs/protocol';
import type { BudgetLimits, HandlerResult, ResolverContext, Run, Value } from '#libs/resolver-runtime';
import { isAllowed } from '../authorise-field.js';
import { withReadableData } from '../error-data.js';
import { assertTimeLeft } from '../request-limits.js';
import { pathToList } from '../response-path.js';
import type { TracedPart } from '../traced-part.js';
import type { FieldCall } from './field-call.js';
import { createResolverContext } from './resolver-context.js';

/** What a run needs to know of the resolver that runs. */
export interface RunningResolver {
  readonly definition: ApiDefinition;
  readonly resolver: ResolverDefinition;
  /** Of each handler. */
  readonly limits: Partial<BudgetLimits>;
}

type Handler = NonNullable<HandlersDefinition['request']>;

/** One execution of a resolver: the context that its handlers share, and what they do to the request. */
export class ResolverRun {
  readonly #context: ResolverContext;

  constructor(
    private readonly running: RunningResolver,
    private readonly call: FieldCall,
  ) {
    this.#context = createResolverContext(running.definition, call);
  }

  /** A context for one step: args, stash and the like are the same in all of them, results are its own. */
  contextOf(prev: { readonly result: Value } | null): ResolverContext {
    return { ...this.#context, prev: prev && { result: prev.result } };
  }

  /** Runs one handler and keeps, with the field it belongs to, what it did to the request. A handler that fails invalidates nothing. */
  handle(handler: Handler, ctx: ResolverContext, phase: Run['phase']): HandlerResult {
    const { context } = this.call;
    assertTimeLeft(context, this.running.definition.limits);
    const { effects } = context;
    const known = { errors: effects.errors.length, invalidations: effects.invalidations.length };
    try {
      const result = handler(ctx, this.#createRun(phase));
      if (effects.invalidations.length > known.invalidations) this.#keepInvalidations(known.invalidations);
      return result;
    } catch (error) {
      // Or the same invalidation in a later field would count as known, and be lost.
      effects.invalidations.length = known.invalidations;
      this.#logFault(error, phase);
      throw error;
    } finally {
      if (effects.errors.length > known.errors) this.#keepErrors(known.errors);
    }
  }

  /** Keeps the invalidations that were asked for from this index on with the root field they were asked in. */
  #keepInvalidations(from: number): void {
    const { context, info } = this.call;
    const rootKey = String(pathToList(info.path)[0]);
    const { resolver } = this.#details();
    const asked = context.effects.invalidations.slice(from).map((one) => ({ ...one, resolver }));
    context.invalidations.set(rootKey, [...(context.invalidations.get(rootKey) ?? []), ...asked]);
  }

  /** Keeps the errors that were appended from this index on with the place they belong to. */
  #keepErrors(from: number): void {
    const { context, info } = this.call;
    const path = pathToList(info.path);
    const locations = info.fieldNodes.flatMap(({ loc }) =>
      loc ? [{ line: loc.startToken.line, column: loc.startToken.column }] : [],
    );
    for (const error of context.effects.errors.slice(from)) {
      context.appendedErrors.push({ error: this.showToClient(error), path, locations });
    }
  }

  /** What a data source is told of the request, and of the step of it, that calls it. */
  dataSourceCall(step: Pick<DataSourceCall, 'functionName' | 'maxBatchSize'>): DataSourceCall {
    const { typeName, fieldName } = this.running.resolver;
    const { context } = this.call;
    return {
      ...step,
      resolver: `${typeName}.${fieldName}`,
      // Asked for by data sources that wait, and only made then.
      get signal() {
        return context.input.deadline?.signal;
      },
      request: context,
      arguments: this.#context.args,
      identity: this.#context.identity,
      outputType: getNamedType(this.call.info.returnType).name,
    };
  }

  /** The resolver's part of the request's trace; undefined where it is not traced. */
  get span(): TracedPart | undefined {
    return this.call.span;
  }

  /** True for the field of a subscription that starts. */
  get isSubscription(): boolean {
    return this.call.info.parentType === this.call.info.schema.getSubscriptionType();
  }

  /** Logs what a data source said and the client is not told: refused credentials, hosts that are away, faults of the service. */
  logFailure(error: FieldError, dataSource: string): void {
    const { cause } = error;
    if (!(cause instanceof Error) || error.message.includes(cause.message)) return;
    this.call.context.input.log?.('warn', 'A data source failed', { ...this.#details(), dataSource, err: cause });
  }

  /** The error as the client may see it. */
  showToClient(error: FieldError): FieldError {
    const { context, info } = this.call;
    return withReadableData(error, info, (typeName, fieldName) =>
      isAllowed(this.running.definition.policy(typeName, fieldName), context.input.identity, typeName, fieldName),
    );
  }

  #createRun(phase: Run['phase']): Run {
    const { context, info } = this.call;
    const { input, effects } = context;
    const details = this.#details();
    return {
      effects,
      phase,
      authType: input.identity.authType,
      operation: info.operation.operation,
      limits: this.running.limits,
      log: (level, message) => input.log?.(level, message, details),
    };
  }

  /** A handler that can't work is for those who run it to mend; its client's words do not say which it was. */
  #logFault(error: unknown, phase: Run['phase']): void {
    const { errorType, message } = error as Partial<FieldError>;
    if (errorType !== 'MappingTemplate' && errorType !== 'Code') return;
    this.call.context.input.log?.('warn', `The ${phase} handler failed: ${message}`, this.#details());
  }

  #details(): { readonly resolver: string; readonly requestId: string } {
    const { info, context } = this.call;
    return { resolver: `${info.parentType.name}.${info.fieldName}`, requestId: context.input.requestId };
  }
}
