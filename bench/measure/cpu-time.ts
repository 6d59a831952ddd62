import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time that a process has used so far, in milliseconds, from Linux's /proc. What a server costs is told by this and not by
 * the clock: the client of a measurement and Redis share the machine with it.
 *
 * The scheduler counts nanoseconds for each thread; a process's own count has ticks of 10 ms, too coarse for a burst. A thread
 * that has ended is no longer counted: Node keeps its threads for as long as it runs.
 */
export function cpuTimeMs(pid: number): number {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).reduce((sum, thread) => sum + threadTimeMs(`${folder}/${thread}/schedstat`), 0);
}

function threadTimeMs(file: string): number {
  return Number(readFileSync(file, 'utf8').split(' ', 1)[0]) / 1e6;
}
