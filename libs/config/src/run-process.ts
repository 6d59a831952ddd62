/** Something that was started and can be stopped. */
export interface Running {
  /** Ends everything in order. Called once. Rejects with a `StopError` when it has ended and something was lost. */
  close(stop: Stop): Promise<void>;
  /** Longest that it may take, in milliseconds; what still runs then is cut. Default 25,000: below Kubernetes' grace of 30 s. */
  readonly stopTimeoutMs?: number;
}

/** How a process is told to stop. */
export interface Stop {
  /** By SIGINT, which is Ctrl-C: somebody waits for it at a terminal, and nobody has to be sent elsewhere first. */
  readonly isUrgent: boolean;
}

const defaultStopTimeoutMs = 25_000;

/**
 * A signal that follows the first within this time, in milliseconds, is the same one: a terminal sends Ctrl-C to every process
 * of its group, and those above us pass it on as well.
 */
const sameSignalMs = 1_000;

/** An expected failure to start: its message is for people and says all there is to say. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** An expected failure to stop in order, such as events that are lost: its message is for people and says what. */
export class StopError extends Error {
  override readonly name = 'StopError';
}

/**
 * Runs a process from start to SIGTERM or SIGINT, and ends it with status 0, or with 1 when the stop took too long or lost something. A failure to start ends it with status 1: expected ones (`StartError` and
 * errors that list `faults`) print their message, others their stack too. A second signal, a second later or more, ends it at once. A `start` that
 * answers nothing has done all there was to do, such as printing a help text. `announce` tells that it runs; a signal that
 * answers it is heeded.
 */
export function runProcess<T extends Running>(
  start: () => Promise<T | undefined>,
  announce: (running: T) => void = () => undefined,
): void {
  const run = async (): Promise<void> => {
    const running = await start();
    if (!running) return;
    stopOnSignal(running);
    announce(running);
  };
  // What is told here must have left the process before it ends.
  run().catch((error: unknown) => {
    process.stderr.write(`${describe(error)}\n`, () => process.exit(1));
  });
}

function stopOnSignal(running: Running): void {
  let stoppingSince: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (stoppingSince !== undefined) {
      if (Date.now() - stoppingSince > sameSignalMs) process.exit(1);
      return;
    }
    stoppingSince = Date.now();
    setTimeout(() => process.exit(1), running.stopTimeoutMs ?? defaultStopTimeoutMs).unref();
    running.close({ isUrgent: signal === 'SIGINT' }).then(
      () => process.exit(0),
      (error: unknown) => process.stderr.write(`${describe(error)}\n`, () => process.exit(1)),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof StartError || error instanceof StopError || 'faults' in error
    ? error.message
    : (error.stack ?? error.message);
}

/** The process's own arguments, those after the script. */
export function commandLine(): readonly string[] {
  return process.argv.slice(2);
}
