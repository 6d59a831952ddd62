import { readKey } from '../../values.js';
import type { ModuleFunction } from '../module-member.js';
import { requireMapAt, requirePayload } from '../payload.js';
import { createRequest, pick, toExpression, toKey, toProjection, withOptional } from './request-members.js';
import { toUpdateExpression } from './update-expression.js';

/** What versioned tables add to a write. */
const versioning = ['_version', 'customPartitionKey', 'populateIndexFields'] as const;

/** `get({key, consistentRead?, projection?})`: a GetItem. */
export const get: ModuleFunction = (args, { budget }) => {
  const payload = requirePayload(args, 'get');
  return createRequest('GetItem', {
    key: toKey(readKey(payload, 'key'), 'key', budget),
    ...pick(payload, 'consistentRead'),
    projection: toProjection(readKey(payload, 'projection'), budget),
  });
};

/** `put({key, item, condition?})`: a PutItem. */
export const put: ModuleFunction = (args, { budget }) => {
  const payload = requirePayload(args, 'put');
  return createRequest('PutItem', {
    key: toKey(readKey(payload, 'key'), 'key', budget),
    attributeValues: toKey(readKey(payload, 'item'), 'item', budget),
    condition: toExpression(readKey(payload, 'condition'), 'condition', budget),
    ...pick(payload, ...versioning),
  });
};

/** `update({key, update, condition?})`: an UpdateItem. */
export const update: ModuleFunction = (args, { budget }) => {
  const payload = requirePayload(args, 'update');
  return createRequest('UpdateItem', {
    key: toKey(readKey(payload, 'key'), 'key', budget),
    update: toUpdateExpression(readKey(payload, 'update'), budget),
    condition: toExpression(readKey(payload, 'condition'), 'condition', budget),
    ...pick(payload, ...versioning),
  });
};

/** `remove({key, condition?})`: a DeleteItem. */
export const remove: ModuleFunction = (args, { budget }) => {
  const payload = requirePayload(args, 'remove');
  return createRequest('DeleteItem', {
    key: toKey(readKey(payload, 'key'), 'key', budget),
    condition: toExpression(readKey(payload, 'condition'), 'condition', budget),
    ...pick(payload, ...versioning),
  });
};

/** `query({query, index?, filter?, projection?, …})`: a Query. */
export const query: ModuleFunction = (args, { budget }) => {
  const payload = requirePayload(args, 'query');
  return createRequest('Query', {
    query: toExpression(requireMapAt(readKey(payload, 'query'), 'query'), 'query', budget),
    ...pick(payload, 'index', 'limit', 'nextToken', 'consistentRead', 'scanIndexForward', 'select'),
    filter: toExpression(readKey(payload, 'filter'), 'filter', budget),
    projection: toProjection(readKey(payload, 'projection'), budget),
  });
};

/** `scan({index?, filter?, projection?, …})`: a Scan. */
export const scan: ModuleFunction = (args, { budget }) => {
  const payload = requirePayload(args, 'scan');
  return createRequest('Scan', {
    ...pick(payload, 'index', 'limit', 'nextToken', 'consistentRead', 'totalSegments', 'segment', 'select'),
    filter: toExpression(readKey(payload, 'filter'), 'filter', budget),
    projection: toProjection(readKey(payload, 'projection'), budget),
  });
};

/** `sync({lastSync?, filter?, …})`: a Sync, which only versioned data sources know. */
export const sync: ModuleFunction = (args, { budget }) => {
  const payload = requirePayload(args, 'sync');
  return withOptional(createRequest('Sync'), {
    ...pick(payload, 'basePartitionKey', 'deltaIndexName', 'limit', 'nextToken', 'lastSync'),
    filter: toExpression(readKey(payload, 'filter'), 'filter', budget),
  });
};
