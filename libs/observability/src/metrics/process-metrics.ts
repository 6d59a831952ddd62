import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import type { PerformanceEntry } from 'node:perf_hooks';
import type { Registry } from 'prom-client';
import { Registrar } from './registrar.js';

/** Bounds of a garbage collection, in seconds: above a tenth clients feel it. */
const gcBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

const gcKinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/**
 * Shows what is known of the process itself, under the names that every Node process has. Call it once in a process: it watches from
 * here to its end.
 *
 * Not prom-client's own collection, which lists every socket twice and every descriptor in one go: 2 µs for each connection, a
 * tenth of a second in which a gateway with 50,000 of them does nothing else.
 */
export function showProcess(registry: Registry): void {
  showUsage(new Registrar(registry, 'process'));
  const nodejs = new Registrar(registry, 'nodejs');
  showHeap(nodejs);
  showEventLoop(nodejs);
  watchGarbageCollection(nodejs);
  nodejs.gauges('version_info', 'Version of Node.', 'version', () => [[process.version, 1]]);
}

function showUsage(registrar: Registrar): void {
  const startedAt = Date.now() / 1000 - process.uptime();
  const maxFds = readMaxFds();
  registrar.total('cpu_user_seconds_total', 'User CPU time.', () => process.cpuUsage().user / 1e6);
  registrar.total('cpu_system_seconds_total', 'System CPU time.', () => process.cpuUsage().system / 1e6);
  registrar.total('cpu_seconds_total', 'User and system CPU time.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  registrar.gauge('start_time_seconds', 'Start of the process since the epoch.', () => startedAt);
  registrar.gauge('resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  registrar.gauge('open_fds', 'Open file descriptors.', countOpenFds);
  registrar.gauge('max_fds', 'File descriptors that the process may open.', () => maxFds);
}

const fdFolder = '/proc/self/fd';

/** Undefined where the system is no Linux. */
async function countOpenFds(): Promise<number | undefined> {
  try {
    const { size } = await stat(fdFolder);
    // Kernels before 6.2 say 0.
    return size > 0 ? size : (await readdir(fdFolder)).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined where the system is no Linux, or sets no limit. */
function readMaxFds(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return limit ? Number(limit[1]) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function showHeap(registrar: Registrar): void {
  registrar.gauge('heap_size_total_bytes', 'Size of the heap.', () => process.memoryUsage().heapTotal);
  registrar.gauge('heap_size_used_bytes', 'Of it, what is in use.', () => process.memoryUsage().heapUsed);
  registrar.gauge('external_memory_bytes', 'Memory outside the heap: buffers.', () => process.memoryUsage().external);
}

/** Time between two looks at the event loop, in milliseconds. A delay that is shorter is met by chance only. */
const resolutionMs = 10;

/** How late the event loop came to a timer, since the metrics were last read: whatever else was due waited as long. */
function showEventLoop(registrar: Registrar): void {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  const show = (name: string, help: string, readNs: () => number): void =>
    registrar.gauge(`eventloop_lag_${name}_seconds`, help, () =>
      // Node measures from timer to timer, the time between them included.
      delays.count === 0 ? undefined : Math.max(0, readNs() / 1e9 - resolutionMs / 1000),
    );
  show('mean', 'Mean delay of the event loop.', () => delays.mean);
  show('p50', 'Median delay of the event loop.', () => delays.percentile(50));
  show('p90', '90th percentile of the delay of the event loop.', () => delays.percentile(90));
  show('p99', '99th percentile of the delay of the event loop.', () => delays.percentile(99));
  show('max', 'Longest delay of the event loop.', () => {
    const { max } = delays;
    // Metrics are read in the order in which they were made: what follows begins with the next look.
    delays.reset();
    return max;
  });
}

function watchGarbageCollection(registrar: Registrar): void {
  const durations = registrar.histogram('gc_duration_seconds', 'Garbage collections, by kind.', gcBuckets, ['kind']);
  // A process that does little collects nothing for minutes, and would show no series.
  for (const kind of Object.values(gcKinds)) durations.zero({ kind });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { duration, detail } = entry as PerformanceEntry & { readonly detail: { readonly kind: number } };
      durations.observe({ kind: gcKinds[detail.kind] ?? 'other' }, duration / 1000);
    }
  }).observe({ entryTypes: ['gc'] });
}
