export interface Crests {
  readonly earlierMiB: number;
  readonly laterMiB: number;
  readonly growth: number;
  readonly isFlat: boolean;
}

export function crests(looks: readonly number[]): Crests;
