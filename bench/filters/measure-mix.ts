import { setImmediate } from 'node:timers/promises';
import type { FilterHandle } from '#libs/filter';
import { FilterIndex, parseFilterGroup } from '#libs/filter';
import { median } from '../measure/statistics.js';
import type { Mix } from './mixes.js';
import { Random } from './random.js';

/** Filters that are made, and then added, at a time: what is timed is adding, and they need not all be there at once. */
const batch = 10_000;
/** Filters that are removed. The first half is for the compiler. */
const removed = 50_000;
/** Distance between two that are removed one after the other: a prime, so that they are from all over the index. */
const scatter = 7_919;
/** Additions or removals that are timed together. */
const stretch = 100;

/** What one mix costs. */
export interface MixFigures {
  readonly matchUs: number;
  readonly matches: number;
  readonly addUs: number;
  readonly removeUs: number;
  readonly conjunctions: number;
  /** All that the index holds, members included. */
  readonly bytes: number;
}

/**
 * Fills an index with a mix, and measures it. Medians of stretches far shorter than what the scheduler gives to a process, so that
 * what else the machine does is left out.
 */
export async function measureMix(mix: Mix, filters: number, events: number): Promise<MixFigures> {
  const random = new Random(filters);
  const subscribers = Array.from({ length: filters }, (_, number) => ({ number }));
  // Room for the handles, as the doubles they are, before what the index holds is measured.
  const handles = Array.from({ length: filters }, () => 0.5) as FilterHandle[];
  const before = await usedBytes();
  const index = new FilterIndex<{ number: number }>();

  const adds: number[] = [];
  for (let start = 0; start < filters; start += batch) {
    const groups = Array.from({ length: batch }, (_, offset) => group(mix, random, start + offset));
    for (let offset = 0; offset < batch; offset += stretch) {
      const began = nowUs();
      for (let step = offset; step < offset + stretch; step += 1) {
        handles[start + step] = index.add(groups[step]!, subscribers[start + step]!);
      }
      adds.push((nowUs() - began) / stretch);
    }
  }
  const bytes = (await usedBytes()) - before;
  const { conjunctions } = index;

  let matches = 0;
  const count = () => {
    matches += 1;
  };
  const matchUs: number[] = [];
  const payloads = Array.from({ length: events * 2 }, () => parsed(mix.event(random, filters)));
  for (const [number, payload] of payloads.entries()) {
    // The first half is for the compiler.
    if (number === events) matches = 0;
    const began = nowUs();
    index.match(payload, count);
    if (number >= events) matchUs.push(nowUs() - began);
  }

  const removes: number[] = [];
  for (let start = 0; start < removed; start += stretch) {
    const began = nowUs();
    for (let step = start; step < start + stretch; step += 1) index.remove(handles[(step * scatter) % filters]!);
    removes.push((nowUs() - began) / stretch);
  }
  return {
    matchUs: median(matchUs),
    matches: matches / events,
    addUs: median(adds.slice(adds.length / 2)),
    removeUs: median(removes.slice(removes.length / 2)),
    conjunctions,
    bytes,
  };
}

/** The group of one more subscriber, parsed as the gateway does it. */
export function group(mix: Mix, random: Random, number: number) {
  return parseFilterGroup({ filterGroup: [{ filters: mix.filter(random, number) }] }).filter;
}

/** An event as it comes: its strings are not those of the filters. */
export function parsed<Value>(event: Value): Value {
  return JSON.parse(JSON.stringify(event)) as Value;
}

/** Microseconds since some moment. */
export function nowUs(): number {
  return performance.now() * 1_000;
}

/** Bytes in use once all garbage is gone. Of what went with the last turn of the event loop, only the next one's collection is sure. */
async function usedBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
