import type { QueryInput, QueryOutput } from '@aws-sdk/client-dynamodb';
import type { JsonValue } from '#libs/protocol';

import type { DocumentReader } from '../../document/document-reader.js';
import { combinePlaceholders, readExpression, readProjection } from '../expression.js';
import type { Expression } from '../expression.js';
import { untypeItem } from '../untyped-value.js';
import type { PageTokens } from './operation.js';

/** The elements that Query and Scan share. */
export const pageElements = [
  'index',
  'limit',
  'consistentRead',
  'nextToken',
  'select',
  'filter',
  'projection',
] as const;

/** The members of a request that Query and Scan share. */
export type PageInput = Pick<
  QueryInput,
  | 'IndexName'
  | 'Limit'
  | 'ConsistentRead'
  | 'ExclusiveStartKey'
  | 'Select'
  | 'FilterExpression'
  | 'ProjectionExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
>;

/**
 * Reads the shared elements. `limit` is how many items are looked at, before the filter; DynamoDB ends a page at 1 MB
 * whatever the limit.
 *
 * @param query Query's own expression, which shares its placeholders with filter and projection
 */
export function readPage(document: DocumentReader, tokens: PageTokens, query?: Expression): PageInput {
  const filterReader = document.optionalChild('filter');
  const filter = filterReader && readExpression(filterReader);
  const projectionReader = document.optionalChild('projection');
  const projection = projectionReader && readProjection(projectionReader);
  const nextToken = document.optionalString('nextToken');
  return {
    IndexName: document.optionalString('index'),
    Limit: document.optionalInteger('limit', 1),
    ConsistentRead: document.optionalBoolean('consistentRead') ?? false,
    Select: document.optionalChoice('select', ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES']),
    FilterExpression: filter?.expression,
    ProjectionExpression: projection?.expression,
    ...combinePlaceholders(query, filter, projection),
    ExclusiveStartKey: nextToken === undefined ? undefined : tokens.open(nextToken),
  };
}

/** The result of Query and Scan. `nextToken` is null on the last page. */
export function toPageResult(output: QueryOutput, tokens: PageTokens): JsonValue {
  return {
    items: (output.Items ?? []).map(untypeItem),
    nextToken: output.LastEvaluatedKey === undefined ? null : tokens.seal(output.LastEvaluatedKey),
    scannedCount: output.ScannedCount ?? 0,
  };
}
