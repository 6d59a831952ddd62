/** One line of what was measured. Every benchmark answers these, and `bench/run` alone prints them. */
export interface Row {
  /** What was measured, of whom: `broadcast, one at a time: starling`. */
  readonly name: string;
  readonly figure: number;
  /** Of the figure: `µs CPU per delivery`. */
  readonly unit: string;
  /** The figure divided by that of the peer which the target names, measured in the same run; null where nothing is compared. */
  readonly ratio: number | null;
  /** What is to be reached, in words; null for peers and for what is only shown. */
  readonly target: string | null;
  /** Whether it is reached; null where there is no target. */
  readonly met: boolean | null;
}

/** What every benchmark is told. */
export interface BenchOptions {
  /** Sizes for daily use: seconds in place of minutes. */
  readonly isQuick: boolean;
  /** Folder for CPU profiles of the servers of ours that are measured. Default: none are made. */
  readonly profileFolder?: string;
}

/** What a file directly under `bench/` exports as `measure`. */
export type Measure = (options: BenchOptions) => Promise<readonly Row[]>;

/** A target: of the figure, or of the ratio to a peer. */
export interface Target {
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Name of the peer that `ratio` compares with. Without it the target is the figure's. */
  readonly timesPeer?: string;
}

export interface Measured {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  /** The peer's figure of the same run. */
  readonly peerFigure?: number;
  readonly target?: Target;
}

/** Makes a row: divides, and holds the figure or the ratio to its target. */
export function row({ name, figure, unit, peerFigure, target }: Measured): Row {
  const ratio = peerFigure === undefined ? null : figure / peerFigure;
  if (!target) return { name, figure, unit, ratio, target: null, met: null };
  const { atMost = Infinity, atLeast = -Infinity, timesPeer } = target;
  const held = timesPeer === undefined ? figure : (ratio ?? NaN);
  const bound = target.atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
  const text = timesPeer === undefined ? bound : `${bound} × ${timesPeer}`;
  return { name, figure, unit, ratio, target: text, met: held <= atMost && held >= atLeast };
}
