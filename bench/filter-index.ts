import { matchesFilterGroup } from '#libs/filter';
import { boardsMix, denseMix, ownMix, seedMix } from './filters/mixes.js';
import type { Mix } from './filters/mixes.js';
import type { MixFigures } from './filters/measure-mix.js';
import { nowUs, group, measureMix, parsed } from './filters/measure-mix.js';
import { Random } from './filters/random.js';
import type { Measure, Row } from './measure/row.js';
import { row } from './measure/row.js';
import { median } from './measure/statistics.js';

/**
 * The filter index alone: what one event costs against a hundred thousand and a million filters, what adding and removing one
 * costs, and what a conjunction holds in memory. The targets are for a million; `--quick` measures them with 200,000.
 */
const sizes = { quick: [200_000], whole: [100_000, 1_000_000] };

/** Plain evaluation needs every group in memory, and its time is linear: it is measured with fewer and multiplied. */
const plainFilters = 50_000;
/** Evaluations that are timed together: short enough not to be interrupted. */
const plainStretch = 500;

const maxMatchUs = new Map<Mix, number>([
  [boardsMix, 40],
  [seedMix, 20],
  [denseMix, 600],
]);

export const measure: Measure = async ({ isQuick }) => {
  const rows: Row[] = [];
  for (const filters of isQuick ? sizes.quick : sizes.whole) {
    const isTarget = isQuick || filters === 1_000_000;
    for (const mix of [boardsMix, seedMix, denseMix, ownMix]) {
      const figures = await measureMix(mix, filters, 1_000);
      rows.push(...rowsOf(mix, filters, figures, isTarget));
    }
  }
  return rows;
};

function rowsOf(mix: Mix, filters: number, figures: MixFigures, isTarget: boolean): readonly Row[] {
  const name = `filters, ${mix.name}, ${filters.toLocaleString('en')}`;
  const { matchUs, matches, addUs, removeUs, conjunctions, bytes } = figures;
  const atMost = maxMatchUs.get(mix);
  const rows = [
    row({
      name: `${name}: match`,
      figure: matchUs,
      unit: `µs per event of ${Math.round(matches)} matches`,
      target: isTarget && atMost !== undefined ? { atMost } : undefined,
    }),
    row({ name: `${name}: add`, figure: addUs, unit: 'µs', target: isTarget ? { atMost: 5 } : undefined }),
    row({ name: `${name}: remove`, figure: removeUs, unit: 'µs', target: isTarget ? { atMost: 5 } : undefined }),
    bytesRow(name, filters, conjunctions, bytes, isTarget),
  ];
  if (mix === boardsMix) {
    const figure = measurePlainUs(mix, filters) / matchUs;
    rows.push(
      row({
        name: `${name}: plain evaluation`,
        figure,
        unit: '× as long',
        target: isTarget ? { atLeast: 500 } : undefined,
      }),
    );
  }
  return rows;
}

/** Where filters are shared, what is held is for the subscribers: a conjunction has a target where each has one of its own. */
function bytesRow(name: string, filters: number, conjunctions: number, bytes: number, isTarget: boolean): Row {
  const isShared = conjunctions < filters * 0.9;
  return row({
    name: `${name}: memory`,
    figure: bytes / (isShared ? filters : conjunctions),
    unit: isShared
      ? `bytes per subscriber, ${conjunctions.toLocaleString('en')} conjunctions`
      : 'bytes per conjunction, its subscriber included',
    target: isTarget && !isShared ? { atMost: 250 } : undefined,
  });
}

/** Microseconds in which all filters of a mix are evaluated for one event. */
function measurePlainUs(mix: Mix, filters: number): number {
  const random = new Random(filters);
  const groups = Array.from({ length: plainFilters }, (_, number) => group(mix, random, number));
  const stretches: number[] = [];
  let matches = 0;
  for (let round = 0; round < 10; round += 1) {
    const event = parsed(mix.event(random, filters));
    for (let start = 0; start < plainFilters; start += plainStretch) {
      const began = nowUs();
      for (let step = start; step < start + plainStretch; step += 1) {
        if (matchesFilterGroup(groups[step]!, event)) matches += 1;
      }
      if (round >= 5) stretches.push(nowUs() - began);
    }
  }
  if (matches === 0) throw new Error('The events match no filter.');
  return (median(stretches) * filters) / plainStretch;
}
