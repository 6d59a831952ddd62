export interface RowResult {
  readonly name: string;
  readonly title: string;
  readonly seen: string;
  readonly faults: readonly string[];
  readonly seconds: number;
}

export function lineOf(result: RowResult): string;

export function withResults(
  text: string,
  results: readonly Pick<RowResult, 'title' | 'seen' | 'faults'>[],
  run: { readonly titles: readonly string[]; readonly commit: string; readonly where: string; readonly now: Date },
): string;
