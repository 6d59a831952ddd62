import type { RepeatingAwsConnection } from '../aws-connection.js';
import { assertNotCancelled } from '../cancellation.js';
import type { DataSource } from '../data-source.js';
import { DocumentReader } from '../document/document-reader.js';
import { mappingTemplateError } from '../document/mapping-template-error.js';
import type { LambdaInvoker } from '../lambda/lambda-invoker.js';
import { readConflictHandlerName } from './condition.js';
import { askConflictHandler } from './conflict-handler.js';
import { createDynamoDbClient } from './dynamodb-client.js';
import type { DynamoDBClientLike } from './dynamodb-client.js';
import { runWithHandler } from './run-with-handler.js';
import { createNextTokens } from './next-token.js';
import { selectOperation } from './operations/index.js';
import type { OperationContext } from './operations/operation.js';
import { Requests } from './requests.js';
import { Table } from './table.js';
import { Tables } from './tables.js';

export interface DynamoDbDataSourceOptions {
  /**
   * The table that documents run on, batches and transactions excepted: they name theirs. It need not exist: requests
   * answer `DynamoDB:ResourceNotFoundException` then.
   */
  readonly tableName: string;
  /**
   * A client, which may serve other data sources too and is left open by `close`; or where the table is, and the data
   * source has a client of its own.
   */
  readonly client: DynamoDBClientLike | RepeatingAwsConnection;
  /** Key material for `nextToken`s, at least 16 bytes, the same in every pod of the API. */
  readonly nextTokenSecret: string;
  /**
   * Runs the functions that documents name as their conflict handlers, the strategy `Custom`: by the ARN of one in AWS, or by
   * any other name. Called once for each that is there; undefined for a name that stands for nothing. The data source closes
   * what it gave. Default: such documents are refused.
   */
  readonly conflictHandlers?: (named: string) => LambdaInvoker | undefined;
}

/**
 * `AMAZON_DYNAMODB`: runs documents of every operation but Sync (AppSync reference, section 8.2). Documents, results and
 * errors are in docs/reference/data-sources.md.
 *
 * @throws RangeError at once for a `nextTokenSecret` that is too short
 */
export function createDynamoDbDataSource({
  tableName,
  client,
  nextTokenSecret,
  conflictHandlers,
}: DynamoDbDataSourceOptions): DataSource {
  const tokens = createNextTokens(nextTokenSecret);
  const isShared = 'send' in client;
  const dynamoDb = isShared ? client : createDynamoDbClient(client);
  const awsRegion = isShared ? undefined : client.region;
  const invokers = new Map<string, LambdaInvoker>();

  function handlerOf(document: DocumentReader): LambdaInvoker | undefined {
    const named = readConflictHandlerName(document);
    if (named === undefined) return undefined;
    if (!conflictHandlers) throw mappingTemplateError("Strategy 'Custom' is not available here: use 'Reject'.");
    const invoker = invokers.get(named) ?? conflictHandlers(named);
    if (!invoker) throw mappingTemplateError(`There is no AWS_LAMBDA data source '${named}' to be a conflict handler.`);
    invokers.set(named, invoker);
    return invoker;
  }

  return {
    type: 'AMAZON_DYNAMODB',

    async execute(document, call) {
      assertNotCancelled(call);
      const reader = new DocumentReader(document);
      const binding = { tableName, resolver: call.resolver };
      const requests = new Requests(dynamoDb, call.signal);
      const operation = selectOperation(reader);
      const handler = handlerOf(reader);
      const context: OperationContext = {
        table: new Table(requests, tableName),
        tables: new Tables(requests),
        tokens: {
          seal: (lastKey) => tokens.seal(lastKey, binding),
          open: (token) => tokens.open(token, binding),
        },
      };
      if (!handler) return operation.run(reader, context);
      return runWithHandler(operation, reader, context, (current) =>
        askConflictHandler(handler, { document, current, tableName, awsRegion, call }),
      );
    },

    async close() {
      if (!isShared) dynamoDb.destroy();
      for (const invoker of invokers.values()) await invoker.close();
    },
  };
}
