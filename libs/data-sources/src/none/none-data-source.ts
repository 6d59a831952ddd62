import { assertNotCancelled } from '../cancellation.js';
import type { DataSource } from '../data-source.js';

/**
 * `NONE`: the request document's `payload` is the result, null if it has none. Reaches nothing; it is what local
 * resolvers and subscription resolvers run on (AppSync reference, section 8.1).
 */
export function createNoneDataSource(): DataSource {
  return {
    type: 'NONE',
    async execute(document, call) {
      assertNotCancelled(call);
      return document['payload'] ?? null;
    },
    async close() {},
  };
}
