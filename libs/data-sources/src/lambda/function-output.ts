import type { Readable } from 'node:stream';

/** Characters of one line in the log. Longer ones are cut in pieces. */
const maxLineLength = 8192;

/**
 * Characters a second that are read from one stream of a function. Past this nothing is read for the rest of the second: what
 * is left piles up in the function's process, whose memory has a limit, and not here.
 */
const maxPerSecond = 256 * 1024;

/** Hands on what a function prints, line by line. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  let taken = 0;
  let windowStart = performance.now();
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) emit(line);
    if (rest.length > maxLineLength) {
      emit(rest);
      rest = '';
    }
    throttle(chunk.length);
  });
  stream.on('close', () => {
    if (rest !== '') emit(rest);
  });

  function emit(line: string): void {
    for (let start = 0; start < line.length; start += maxLineLength) onLine(line.slice(start, start + maxLineLength));
  }

  function throttle(length: number): void {
    const elapsed = performance.now() - windowStart;
    if (elapsed >= 1000) {
      windowStart = performance.now();
      taken = 0;
    }
    taken += length;
    if (taken < maxPerSecond) return;
    stream.pause();
    setTimeout(() => stream.resume(), Math.max(0, 1000 - elapsed)).unref();
  }
}
