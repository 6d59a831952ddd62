import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { createFileLambdaInvoker, createLambdaDataSource } from '#libs/data-sources';
import type { DataSource, FileLambdaInvokerOptions } from '#libs/data-sources';
import { refusalOf } from './start-task-table.js';

const call = { resolver: 'Query.allTasks' };

const open: DataSource[] = [];
afterEach(async () => {
  for (const source of open.splice(0)) await source.close();
});

function fileOf(name: string): string {
  return fileURLToPath(new URL(`./functions/${name}`, import.meta.url));
}

function run(options: Partial<FileLambdaInvokerOptions> = {}): (payload: JsonValue) => Promise<JsonValue> {
  const source = createLambdaDataSource({
    invoker: createFileLambdaInvoker({ file: fileOf('behave.mjs'), ...options }),
  });
  open.push(source);
  return (payload) => source.execute({ operation: 'Invoke', payload }, call);
}

describe('a function that does harm', () => {
  it.each<[string, JsonObject, RegExp]>([
    [
      'ends the process',
      { do: 'exit', code: 3 },
      /^RequestId: [\w-]+ Error: Runtime exited with error: exit status 3$/,
    ],
    ['aborts the process', { do: 'abort' }, /Runtime exited with error: signal: SIGABRT$/],
    ['loops for ever', { do: 'loop' }, /^RequestId: [\w-]+ Error: Task timed out after 2\.00 seconds$/],
    ['never answers', { do: 'hang' }, /Task timed out after 2\.00 seconds$/],
    ['prints for ever', { do: 'print for ever' }, /Runtime exited with error: signal: \w+$/],
    ['fails beside its answer', { do: 'reject later' }, /Runtime exited with error: exit status 1$/],
    ['fills the heap', { do: 'fill the heap' }, /Runtime exited with error: signal: SIGABRT$/],
    ['fills memory beside the heap', { do: 'fill buffers' }, /Runtime exited with error: signal: killed$/],
    ['allocates too much at once', { do: 'allocate at once' }, /Runtime exited with error: signal: \w+$/],
  ])('should fail, and the next call should not: it %s', async (_, payload, message) => {
    // Harm that is done at once needs no waiting, and gets a time limit that a busy machine keeps as well.
    const timeoutMs = message.source.includes('timed out') ? 2000 : 20_000;
    const invoke = run({ timeoutMs, memoryMb: 64 });
    const error = await refusalOf(invoke(payload));
    expect(error).toBeInstanceOf(FieldError);
    expect(error).toMatchObject({
      errorType: 'Lambda:Unhandled',
      message: expect.stringMatching(message) as string,
      data: null,
    });
    expect(await invoke('b1')).toBe('b1');
  });

  it('should not take the calls beside it along when it takes too long', async () => {
    const invoke = run({ timeoutMs: 1000 });
    await invoke('warm');
    const hanging = refusalOf(invoke({ do: 'hang' }));
    await new Promise((resolve) => setTimeout(resolve, 600));
    const beside = invoke({ do: 'wait', ms: 800 });
    expect(await hanging).toHaveProperty('message', expect.stringContaining('timed out'));
    expect(await beside).toBe('waited');
  });

  it('should be gone after it timed out', async () => {
    const invoke = run({ timeoutMs: 1000 });
    const { pid } = (await invoke({ do: 'tell' })) as { pid: number };
    await refusalOf(invoke({ do: 'loop' }));
    await vi.waitUntil(() => !isRunning(pid), { timeout: 5000 });
    expect(await invoke({ do: 'tell' })).not.toHaveProperty('pid', pid);
  });

  it('should be gone once the data source is closed', async () => {
    const source = createLambdaDataSource({ invoker: createFileLambdaInvoker({ file: fileOf('behave.mjs') }) });
    const { pid } = (await source.execute({ operation: 'Invoke', payload: { do: 'tell' } }, call)) as { pid: number };
    const looping = refusalOf(source.execute({ operation: 'Invoke', payload: { do: 'loop' } }, call));
    await source.close();
    expect(isRunning(pid)).toBe(false);
    expect(await looping).toHaveProperty('message', expect.stringContaining('signal: killed'));
  });
});

describe('a server that is killed', () => {
  it('should take a function along that loops for ever', async () => {
    const entry = fileURLToPath(new URL('../src/lambda/function-process-entry.ts', import.meta.url));
    const settings = {
      handlerUrl: pathToFileURL(fileOf('behave.mjs')).href,
      name: 'behave',
      memoryMb: 64,
      maxMemoryBytes: 1e9,
      maxPayloadBytes: 1000,
    };
    const server = spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { fork } from 'node:child_process';
       const child = fork(${JSON.stringify(entry)}, [JSON.stringify({ ...${JSON.stringify(settings)}, serverPid: process.pid })], { execArgv: [] });
       child.once('message', () => {
         child.send({ id: 2, payload: '{"do":"loop"}', requestId: 'r2', deadline: 0 }, () => console.log(child.pid));
       });
       child.send({ id: 1, payload: '"b1"', requestId: 'r1', deadline: 0 });`,
    ]);
    const [printed] = (await once(server.stdout, 'data')) as [Buffer];
    const pid = Number(printed.toString());
    expect(isRunning(pid)).toBe(true);
    server.kill('SIGKILL');
    try {
      await vi.waitUntil(() => !isRunning(pid), { timeout: 5000 });
    } finally {
      if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    }
  });
});

describe('what a function is given', () => {
  it('should be a context as in Lambda, and no environment but its own', async () => {
    const told = (await run({ environment: { BOARD: 'b1' }, memoryMb: 64 })({ do: 'tell' })) as JsonObject;
    expect(told).toMatchObject({
      environment: { BOARD: 'b1' },
      context: { functionName: 'behave', functionVersion: '$LATEST', memoryLimitInMB: '64' },
    });
    expect(Object.keys(told['environment'] as JsonObject)).toEqual(['BOARD']);
    expect((told['context'] as { left: number }).left).toBeGreaterThan(20_000);
    expect((told['context'] as { left: number }).left).toBeLessThanOrEqual(30_000);
  });

  it('should be its event where the file is in TypeScript', async () => {
    expect(await run({ file: fileOf('typed.ts') })({ boardId: 'b1' })).toBe('b1');
  });

  it('should be a callback where the handler takes one', async () => {
    const invoke = run({ file: fileOf('callback.cjs') });
    expect(await invoke({ boardId: 'b1' })).toEqual({ boardId: 'b1' });
    expect(await refusalOf(invoke({ fail: 'closed' }))).toMatchObject({
      errorType: 'Lambda:Unhandled',
      message: 'closed',
    });
  });
});

describe('what a function prints', () => {
  it('should be in the log, line by line', async () => {
    const log = vi.fn();
    await run({ log })({ do: 'print', text: 'one\ntwo', error: 'three' });
    await vi.waitUntil(() => log.mock.calls.length === 3, { timeout: 5000 });
    expect(log.mock.calls).toEqual(
      expect.arrayContaining([
        ['info', 'one'],
        ['info', 'two'],
        ['error', 'three'],
      ]),
    );
  });

  it('should be cut where a line has no end', async () => {
    const log = vi.fn<(level: string, line: string) => void>();
    await run({ log })({ do: 'print', text: 'a'.repeat(100_000), error: '' });
    await vi.waitUntil(() => log.mock.calls.map(([, line]) => line).join('').length >= 100_000, { timeout: 5000 });
    expect(Math.max(...log.mock.calls.map(([, line]) => line.length))).toBeLessThanOrEqual(8192);
  });

  it('should be slowed down where it has no end', async () => {
    const log = vi.fn<(level: string, line: string) => void>();
    await refusalOf(run({ log, timeoutMs: 1500 })({ do: 'print for ever' }));
    const printed = log.mock.calls.reduce((sum, [, line]) => sum + line.length, 0);
    expect(printed).toBeGreaterThan(0);
    expect(printed).toBeLessThan(1_500_000);
  });

  it('should have what an event failed with', async () => {
    const log = vi.fn();
    const invoker = createFileLambdaInvoker({ file: fileOf('behave.mjs'), log });
    const source = createLambdaDataSource({ invoker });
    open.push(source);
    const payload = { do: 'fail', name: 'BoardClosed', message: 'closed' };
    await source.execute({ operation: 'Invoke', payload, invocationType: 'Event' }, call);
    await vi.waitUntil(() => log.mock.calls.some(([, line]) => String(line).startsWith('An event failed: ')), {
      timeout: 5000,
    });
    expect(log).toHaveBeenCalledWith('error', expect.stringContaining('BoardClosed'));
  });
});

describe('a file that is no function', () => {
  it.each(['broken.mjs', 'empty.mjs'])('should be told without what only the log may know: %s', async (name) => {
    const log = vi.fn();
    const invoke = run({ file: fileOf(name), log });
    expect(await refusalOf(invoke(null))).toMatchObject({
      errorType: 'Lambda:Unhandled',
      message: 'The function could not be loaded.',
    });
    const known = name === 'broken.mjs' ? 'no database at 10.1.2.3' : 'exports no function "handler"';
    await vi.waitUntil(() => log.mock.calls.some(([, line]) => String(line).includes(known)), { timeout: 5000 });
  });

  it('should be refused at once when there is none', () => {
    expect(() => createFileLambdaInvoker({ file: fileOf('missing.mjs') })).toThrow(RangeError);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
