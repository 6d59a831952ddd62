import { missingElement } from '../../document/mapping-template-error.js';
import type { Operation } from './operation.js';
import { pageElements, readPage, toPageResult } from './page.js';

/** `Scan`: a page of all items of the table or an index, or of one segment of them. */
export const scan: Operation = Object.freeze({
  name: 'Scan',
  elements: ['totalSegments', 'segment', ...pageElements],
  async run(document, { table, tokens }) {
    const totalSegments = document.optionalInteger('totalSegments', 1);
    const segment = document.optionalInteger('segment', 0);
    if (totalSegments === undefined && segment !== undefined) throw missingElement(document.pathOf('totalSegments'));
    if (totalSegments !== undefined && segment === undefined) throw missingElement(document.pathOf('segment'));
    const output = await table.scan({
      TotalSegments: totalSegments,
      Segment: segment,
      ...readPage(document, tokens),
    });
    return toPageResult(output, tokens);
  },
} satisfies Operation);
