import type { DataSource } from '#libs/data-sources';

/** Told how long each call of a data source took, and whether it answered or had an error. */
export type OnDataSourceCall = (source: ObservedDataSource, durationMs: number, outcome: 'ok' | 'error') => void;

export interface ObservedDataSource {
  /** As the definition names it. */
  readonly name: string;
  /** AppSync's name of its type. */
  readonly type: string;
}

/** The same data source; whoever wants to know is told of its calls. */
export function observeDataSource(name: string, dataSource: DataSource, onCall: OnDataSourceCall): DataSource {
  const { type } = dataSource;
  const source: ObservedDataSource = Object.freeze({ name, type });
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
        onCall(source, performance.now() - startedAt, outcome);
      }
    },
    close: () => dataSource.close(),
  };
}
