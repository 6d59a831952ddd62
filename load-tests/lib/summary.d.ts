/** What k6 gives `handleSummary`, as far as it is used. */
export interface SummaryData {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: Readonly<
    Record<
      string,
      {
        readonly values: Readonly<Record<string, number>>;
        readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
      }
    >
  >;
}

/** Texts by file name; `stdout` is one of them. */
export function summaryFiles(
  data: SummaryData,
  options: { readonly name: string; readonly settings: Readonly<Record<string, unknown>>; readonly folder: string },
): Readonly<Record<string, string>>;
