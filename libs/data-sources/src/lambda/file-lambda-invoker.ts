import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

import { FunctionProcess } from './function-process.js';
import { defaultTimeoutMs } from './lambda-invoker.js';
import type { LambdaAnswer, LambdaInvoker } from './lambda-invoker.js';
import { unlessAborted } from './unless-aborted.js';

export interface FileLambdaInvokerOptions {
  /** Path of a module that exports `handler(event, context)`. It is loaded with the first invocation. */
  readonly file: string;
  /** The function's environment variables. Default: none; the server's own, with its secrets, are not handed on. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Longest run, in milliseconds. Default 30,000. A function that takes longer is killed. */
  readonly timeoutMs?: number;
  /** Size of the function's heap, in megabytes. Default 256. With 128 more for all the rest it is killed. */
  readonly memoryMb?: number;
  /** Takes what the function prints, and how it fails: standard output is `info`, standard error `error`. Default: nowhere. */
  readonly log?: (level: 'info' | 'error', message: string) => void;
}

/**
 * Runs the handler of a file in a process of its own, started with the first invocation and again after it ended. Invocations
 * overlap in it. It is a process and not a thread because one large allocation in a thread (`new Array(1e9).fill(0)`) ends
 * the server with it, whatever limits the thread has.
 *
 * That keeps mistakes from spreading, not attacks: the function may do what the server's user may.
 *
 * @throws RangeError at once when there is no such file
 */
export function createFileLambdaInvoker(options: FileLambdaInvokerOptions): LambdaInvoker {
  const { file, environment = {}, timeoutMs = defaultTimeoutMs, memoryMb = 256, log = () => undefined } = options;
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new RangeError(`There is no file ${file}.`);
  const name = basename(file).replace(/\.[^.]*$/, '');
  const live = new Set<FunctionProcess>();
  let current: FunctionProcess | undefined;

  function start(): FunctionProcess {
    const started = new FunctionProcess({
      name,
      handlerUrl: pathToFileURL(file),
      timeoutMs,
      memoryMb,
      environment,
      log,
      onRetired: () => {
        if (current === started) current = undefined;
      },
      onEnded: () => live.delete(started),
    });
    live.add(started);
    return started;
  }

  return {
    async invoke({ payload, invocationType, signal }) {
      const answer = (current ??= start()).invoke(payload);
      if (invocationType === 'RequestResponse') return unlessAborted(answer, signal);
      answer.then(
        (event) => logFailure(event, log),
        (error: Error) => log('error', error.message),
      );
      return { kind: 'result', payload: '' };
    },
    async close() {
      await Promise.all([...live].map((process) => process.stop()));
    },
  };
}

/** Nobody waits for the answer to an `Event`, so the log is where its failure is told. */
function logFailure({ kind, payload }: LambdaAnswer, log: NonNullable<FileLambdaInvokerOptions['log']>): void {
  if (kind === 'failure') log('error', `An event failed: ${payload.slice(0, 2000)}`);
}
