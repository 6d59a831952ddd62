export interface Crests {
  readonly earlierMiB: number;
  readonly laterMiB: number;
  readonly growth: number;
  readonly isFlat: boolean;
}

export function crests(looks: readonly number[]): Crests;

export interface Watched {
  readonly looks: readonly number[];
  readonly expected: number;
}

export function verdictOn(watched: Watched): { readonly seen: string; readonly fault?: string };
