import { FilterError, toSubscriptionFilter } from '#libs/filter';
import { FieldError } from '#libs/protocol';
import { writeJson } from '../../json/write-json.js';
import { snapshot } from '../../snapshot.js';
import { createMap, toValue } from '../../values.js';
import { requireList, requireMap } from '../util-function.js';
import type { UtilFunction, UtilNamespace } from '../util-function.js';
import { toDynamodbExpression } from './dynamodb-expression.js';
import { toOpensearchQuery } from './opensearch-query.js';

/** Filters and conditions are written the same way; AWS gives equal texts for both. */
const writeExpression: UtilFunction = ({ budget }, filter) => {
  const written = toDynamodbExpression(filter, budget);
  if (written === null) {
    return null;
  }
  const result = createMap();
  result['expression'] = written.expression;
  result['expressionNames'] = written.names;
  result['expressionValues'] = written.values;
  return writeJson(result, budget);
};

/** `util.transform.*`. */
export const transformFunctions: UtilNamespace = Object.freeze({
  /** A filter object as JSON text of an expression, or null when it can't be expressed. */
  toDynamoDBFilterExpression: writeExpression,
  toDynamoDBConditionExpression: writeExpression,
  /** A filter object as JSON text of an OpenSearch query, or null when it can't be expressed. */
  toElasticsearchQueryDSL: ({ budget }, filter) => {
    const query = toOpensearchQuery(filter, budget);
    return query === null ? null : writeJson(query, budget);
  },
  /** (conditions, ignored field names?, rules?): AppSync reference, section 1.5. */
  toSubscriptionFilter: ({ budget }, input, ignoredFields, rules) => {
    const ignored = ignoredFields ? requireList('transform.toSubscriptionFilter', ignoredFields) : [];
    const extra = rules ? requireMap('transform.toSubscriptionFilter', snapshot(rules, budget)) : undefined;
    try {
      const filter: unknown = toSubscriptionFilter(
        snapshot(input ?? null, budget),
        ignored.filter((field) => typeof field === 'string'),
        extra,
      );
      return toValue(filter);
    } catch (error) {
      if (error instanceof FilterError) {
        throw new FieldError(error.message, 'MappingTemplate', null, null, { cause: error });
      }
      throw error;
    }
  },
});
