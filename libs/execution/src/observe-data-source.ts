import type { DataSource } from '#libs/data-sources';

/** Told how long each call of a data source took, and whether it answered or had an error. */
export type OnDataSourceCall = (type: string, durationMs: number, outcome: 'ok' | 'error') => void;

/** The same data source; whoever wants to know is told of its calls. */
export function observeDataSource(dataSource: DataSource, onCall: OnDataSourceCall): DataSource {
  const { type } = dataSource;
  return {
    type,
    async execute(document, call) {
      const startedAt = performance.now();
      let outcome: 'ok' | 'error' = 'error';
      try {
        const result = await dataSource.execute(document, call);
        outcome = 'ok';
        return result;
      } finally {
        onCall(type, performance.now() - startedAt, outcome);
      }
    },
    close: () => dataSource.close(),
  };
}
