import { readExpression } from '../expression.js';
import type { Operation } from './operation.js';
import { pageElements, readPage, toPageResult } from './page.js';

/** `Query`: a page of the items whose key satisfies `query`, in the order of the sort key, of the table or an index. */
export const query: Operation = Object.freeze({
  name: 'Query',
  elements: ['query', 'scanIndexForward', ...pageElements],
  async run(document, { table, tokens }) {
    const keyCondition = readExpression(document.child('query'));
    const output = await table.query({
      KeyConditionExpression: keyCondition.expression,
      ScanIndexForward: document.optionalBoolean('scanIndexForward') ?? true,
      ...readPage(document, tokens, keyCondition),
    });
    return toPageResult(output, tokens);
  },
} satisfies Operation);
