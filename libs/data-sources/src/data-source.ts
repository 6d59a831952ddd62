import type { JsonObject, JsonValue } from '#libs/protocol';

/**
 * What a resolver or a pipeline function runs its request document on. One implementation per AppSync data source type;
 * all of them pass `test/data-source.contract.ts`.
 */
export interface DataSource {
  /** AppSync's name of the type, as in the API definition: `NONE`, `AMAZON_DYNAMODB`. */
  readonly type: string;

  /**
   * Runs one request document and answers what becomes `ctx.result`. The document is parsed JSON; `version` may be in it
   * and is of no concern here. It is not changed, and calls may overlap.
   *
   * @throws FieldError where AppSync has an error: `MappingTemplate` for a document that cannot be run, the data
   * source's own type (`DynamoDB:ConditionalCheckFailedException`) for a refusal. `data` holds what AppSync gives as
   * `ctx.result` next to the error. Anything else that is thrown is a bug.
   */
  execute(document: JsonObject, call: DataSourceCall): Promise<JsonValue>;

  /** Gives back connections. May be called twice; `execute` must not be called afterwards. */
  close(): Promise<void>;
}

/** Who asks, and until when. */
export interface DataSourceCall {
  /** The resolver that asks, `<type>.<field>`, e.g. `Query.allTasks`. A `nextToken` is good for the one that got it only. */
  readonly resolver: string;

  /**
   * Ends the call early. If its reason is a `FieldError` (`Execution timed out.`), that is what `execute` throws;
   * otherwise an error that says the call was cancelled. Default: never. A write that is under way may still take effect.
   */
  readonly signal?: AbortSignal;

  /**
   * The request that the call is part of, as an object that stands for it: the same object, the same request. Calls of one
   * request, resolver and `functionName` may be answered together (`BatchInvoke`). Default: the call is on its own.
   */
  readonly request?: object;

  /** The pipeline function that asks. Default: the resolver itself does. */
  readonly functionName?: string;

  /**
   * AppSync's `maxBatchSize` of the resolver or function: the most calls that are answered together, 1 to 2000.
   * Default, and 0: the data source's own, which for `AWS_LAMBDA` is 5.
   */
  readonly maxBatchSize?: number;

  /** `ctx.args` of the resolver, for a conflict handler. Default: none. */
  readonly arguments?: JsonObject;

  /** `ctx.identity`, for a conflict handler. Default: null. */
  readonly identity?: JsonValue;

  /** Name of the type that the resolver's field has, without list and `!`, for a conflict handler. Default: null. */
  readonly outputType?: string;
}
