export interface Trend {
  readonly points: number;
  readonly meanMiB: number;
  readonly slopeMiB: number;
  readonly growth: number;
  readonly isFlat: boolean;
}

export function trend(points: readonly { readonly minutes: number; readonly bytes: number }[]): Trend;
