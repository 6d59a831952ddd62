import { pathToFileURL } from 'node:url';
import type { BenchOptions, Measure } from '../measure/row.js';

// Runs one benchmark, in a process of its own, and sends its rows to the runner: `one.js <file> <options as JSON>`.
const [, , file, options] = process.argv;

// What was started ends with the process: exit handlers run, and servers notice that we are gone.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const { measure } = (await import(pathToFileURL(file!).href)) as { measure: Measure };
const rows = await measure(JSON.parse(options!) as BenchOptions);
process.send?.(rows, () => process.exit());
