import { loadApiDefinition } from '#libs/api-definition';

// Loads one API and writes what that took, as JSON: `load-definition.js <folder> <number of its resolvers>`. A process loads its
// definition once, at its start, so each measurement has a process of its own, in which nothing is compiled yet.
export interface Loaded {
  readonly ms: number;
  /** Processor time of the thread that loads: what `ms` is where nothing else runs. */
  readonly cpuMs: number;
  readonly megabytes: number;
}

const [, , folder, resolverCount] = process.argv;
globalThis.gc?.();
const heapBefore = process.memoryUsage().heapUsed;
const cpuBefore = process.threadCpuUsage();
const began = performance.now();
const definition = await loadApiDefinition(folder!, { variables: {} });
const ms = performance.now() - began;
const { user, system } = process.threadCpuUsage(cpuBefore);
globalThis.gc?.();
if (definition.resolvers.size !== Number(resolverCount))
  throw new Error(`${definition.resolvers.size} resolvers were loaded`);
const megabytes = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
process.stdout.write(JSON.stringify({ ms, cpuMs: (user + system) / 1_000, megabytes } satisfies Loaded));
