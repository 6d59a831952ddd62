/**
 * The program of a function's own process: loads the handler and runs it for each message of the server, side by side.
 * It imports nothing of the project but types, so that Node runs it from source as well.
 */
import process from 'node:process';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';

import type { AnswerMessage, FunctionSettings, InvokeMessage } from './function-messages.js';

type Callback = (error: unknown, result?: unknown) => void;
type Handler = (event: unknown, context: object, callback?: Callback) => unknown;

class NotLoadedError extends Error {}

const settings = JSON.parse(process.argv[2] ?? '{}') as FunctionSettings;

async function loadHandler(): Promise<Handler> {
  const module = (await import(settings.handlerUrl)) as { handler?: unknown; default?: { handler?: unknown } };
  const handler = module.handler ?? module.default?.handler;
  if (typeof handler !== 'function') throw new TypeError(`${settings.handlerUrl} exports no function "handler".`);
  return handler as Handler;
}

/** What Lambda's Node runtime hands a handler, as far as it means something here. */
function createContext({ requestId, deadline }: InvokeMessage): object {
  return {
    functionName: settings.name,
    functionVersion: '$LATEST',
    memoryLimitInMB: String(settings.memoryMb),
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function runHandler(message: InvokeMessage): Promise<unknown> {
  const handler = await loading.catch((error: unknown) => {
    throw new NotLoadedError('The function could not be loaded.', { cause: error });
  });
  const event: unknown = JSON.parse(message.payload);
  const context = createContext(message);
  if (handler.length < 3) return handler(event, context);
  // Handlers of the older runtimes: the callback answers, unless a promise is returned.
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, result) => {
      if (error === undefined || error === null) resolve(result);
      else reject(error instanceof Error ? error : new Error(textOf(error)));
    });
    if (returned instanceof Promise) returned.then(resolve, reject);
  });
}

function toResult(id: number, result: unknown): AnswerMessage {
  const payload = JSON.stringify(result) ?? '';
  const size = Buffer.byteLength(payload);
  if (size <= settings.maxPayloadBytes) return { id, kind: 'result', payload };
  const limit = `exceeded maximum allowed payload size (${settings.maxPayloadBytes} bytes).`;
  return toFailure(id, 'Function.ResponseSizeTooLarge', `Response payload size ${limit}`);
}

function toFailure(id: number, errorType: string, errorMessage: string): AnswerMessage {
  return { id, kind: 'failure', payload: JSON.stringify({ errorType, errorMessage: errorMessage.slice(0, 65_536) }) };
}

/** Answers with what the handler raised; its stack goes to the log. */
function toFailureOf(id: number, error: unknown): AnswerMessage {
  process.stderr.write(`${inspect(error)}\n`);
  if (error instanceof NotLoadedError) return toFailure(id, 'Runtime.ImportModuleError', error.message);
  if (error instanceof Error) return toFailure(id, String(error.name), String(error.message));
  return toFailure(id, 'Error', textOf(error));
}

/** Handlers raise anything: a text is its own message. */
function textOf(error: unknown): string {
  return typeof error === 'string' ? error : inspect(error);
}

async function answer(message: InvokeMessage): Promise<void> {
  try {
    process.send?.(toResult(message.id, await runHandler(message)));
  } catch (error) {
    // A module that failed to load stays failed; the next process reads the file again.
    process.send?.(toFailureOf(message.id, error), undefined, undefined, () => {
      if (error instanceof NotLoadedError) process.exit(1);
    });
  }
}

/**
 * Ends the process from another thread, because the handler may keep this one for ever: when the server is gone, and when
 * memory outside of the heap (buffers) is past the limit.
 */
function watchProcess(): void {
  const check = `
    setInterval(() => {
      if (process.ppid !== ${settings.serverPid} || process.memoryUsage.rss() > ${settings.maxMemoryBytes}) process.kill(process.pid, 'SIGKILL');
    }, 100);`;
  new Worker(check, { eval: true, stdout: true, stderr: true }).unref();
}

const loading = loadHandler();
// Told with the first invocation; without one there is nobody to tell.
loading.catch(() => undefined);
watchProcess();

// The server ends its functions itself, after it has drained. Ctrl-C in a terminal reaches every process at once.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => void answer(message as InvokeMessage));
