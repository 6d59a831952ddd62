import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import type { AnswerMessage, FunctionSettings, InvokeMessage } from './function-messages.js';
import { readLines } from './function-output.js';
import { unreachable } from './lambda-error.js';
import { maxPayloadBytes } from './lambda-invoker.js';
import type { LambdaAnswer } from './lambda-invoker.js';

export interface FunctionProcessOptions {
  readonly name: string;
  readonly handlerUrl: URL;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (level: 'info' | 'error', message: string) => void;
  /** Called once, when the process takes no more invocations. */
  readonly onRetired: () => void;
  /** Called once, when the process is gone. */
  readonly onEnded: () => void;
}

interface Pending {
  readonly requestId: string;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (answer: LambdaAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

/** What a process of Node takes beside its heap, in megabytes: code, stacks, the young generation, buffers. */
const overheadMb = 128;

// Tests run the sources, where Node strips the types by itself.
const entry = fileURLToPath(
  new URL(`./function-process-entry${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

/**
 * A process that runs one function. It takes invocations until one times out or the process ends; then it is retired. A
 * retired process answers what it still can and is killed with its last invocation, so that one that hangs costs the others
 * nothing, and an endless loop ends with the time limit of the last call that it blocks.
 */
export class FunctionProcess {
  readonly #options: FunctionProcessOptions;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #isRetired = false;

  constructor(options: FunctionProcessOptions) {
    this.#options = options;
    const { name, handlerUrl, memoryMb, environment, log } = options;
    const settings: FunctionSettings = {
      name,
      handlerUrl: handlerUrl.href,
      memoryMb,
      serverPid: process.pid,
      maxMemoryBytes: (memoryMb + overheadMb) * 1024 * 1024,
      maxPayloadBytes,
    };
    this.#child = fork(entry, [JSON.stringify(settings)], {
      env: environment,
      execArgv: [`--max-old-space-size=${memoryMb}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    if (this.#child.stdout) readLines(this.#child.stdout, (line) => log('info', line));
    if (this.#child.stderr) readLines(this.#child.stderr, (line) => log('error', line));
    this.#child.on('message', (message) => this.#receive(message));
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        // Answers that were sent just before are still in the channel.
        whenDisconnected(this.#child, () => {
          this.#end(({ requestId }) => exitFailure(requestId, code, signal));
          resolve();
        });
      });
      // The process could not be started; there is no exit then.
      this.#child.once('error', (error) => {
        this.#end(() => unreachable(error));
        resolve();
      });
    });
  }

  /** Runs the function once. Rejects only when the process could not be started. */
  invoke(payload: string): Promise<LambdaAnswer> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const requestId = randomUUID();
      const timer = setTimeout(() => this.#timeOut(id), this.#options.timeoutMs);
      this.#pending.set(id, { requestId, timer, resolve, reject });
      const message: InvokeMessage = { id, payload, requestId, deadline: Date.now() + this.#options.timeoutMs };
      // A process that is gone raises `exit` too, and that answers the invocation.
      this.#child.send(message, () => undefined);
    });
  }

  /** Ends the process, whatever it does. */
  async stop(): Promise<void> {
    this.#retire();
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #receive(message: unknown): void {
    // The handler may send messages of its own.
    if (!isAnswer(message)) return;
    this.#settle(message.id, (pending) => pending.resolve({ kind: message.kind, payload: message.payload }));
  }

  #timeOut(id: number): void {
    const seconds = (this.#options.timeoutMs / 1000).toFixed(2);
    this.#retire();
    this.#settle(id, ({ requestId, resolve }) =>
      resolve(failure('Sandbox.Timedout', `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`)),
    );
  }

  #settle(id: number, settle: (pending: Pending) => void): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    settle(pending);
    if (this.#isRetired && this.#pending.size === 0) this.#child.kill('SIGKILL');
  }

  #end(outcome: (pending: Pending) => LambdaAnswer | Error): void {
    this.#retire();
    this.#options.onEnded();
    for (const id of [...this.#pending.keys()]) {
      this.#settle(id, (pending) => {
        const result = outcome(pending);
        if (result instanceof Error) pending.reject(result);
        else pending.resolve(result);
      });
    }
  }

  #retire(): void {
    if (this.#isRetired) return;
    this.#isRetired = true;
    this.#options.onRetired();
  }
}

function whenDisconnected(child: ChildProcess, then: () => void): void {
  if (child.connected) child.once('disconnect', then);
  else then();
}

function failure(errorType: string, errorMessage: string): LambdaAnswer {
  return { kind: 'failure', payload: JSON.stringify({ errorType, errorMessage }) };
}

function exitFailure(requestId: string, code: number | null, signal: NodeJS.Signals | null): LambdaAnswer {
  const status = signal === null ? `exit status ${code}` : `signal: ${signal === 'SIGKILL' ? 'killed' : signal}`;
  return failure('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: ${status}`);
}

function isAnswer(message: unknown): message is AnswerMessage {
  if (typeof message !== 'object' || message === null) return false;
  const { id, kind, payload } = message as Partial<Record<string, unknown>>;
  return typeof id === 'number' && (kind === 'result' || kind === 'failure') && typeof payload === 'string';
}
