// Programs that the rows run.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Lines of a program that has failed which are worth reading. */
const toldLines = 15;

/** Most that a program may take which is only waited for, in milliseconds: kubectl and its like answer in seconds. */
const usualTimeoutMs = 120_000;

/** What has to be gone when we end, however that comes about. */
const atExit = new Set();
process.once('exit', () => {
  for (const end of atExit) end();
});

/** A new folder for the time of this process: what is in it, such as a private key, is of no use later. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(path.join(tmpdir(), `starling-${name}-`));
  atExit.add(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Starts a program in the repository. `output` is what it has written, on both streams; `ended` resolves with its status, 127 where there is no such
 * program, and `status` is that from then on. It is ended with us.
 */
export function start(command, args, { env, cwd = root, input } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  const endWithUs = () => child.kill('SIGKILL');
  atExit.add(endWithUs);
  const program = { pid: child.pid, status: undefined, output: '', stdout: '', kill: (signal) => child.kill(signal) };
  program.abandon = () => {
    child.kill('SIGKILL');
    // What it has started in turn may hold them open for ever.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  child.stdout.on('data', (chunk) => {
    program.stdout += chunk;
    program.output += chunk;
  });
  child.stderr.on('data', (chunk) => (program.output += chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  // Not `once` of node:events: what waits for 'close' would reject at an 'error'.
  program.ended = new Promise((resolve) => {
    child.once('close', (status, signal) => resolve(status ?? signal));
    child.once('error', (error) => {
      program.output += error.message;
      resolve(127);
    });
  }).then((status) => {
    atExit.delete(endWithUs);
    program.status = status;
    return status;
  });
  return program;
}

/** Waits for the end of a program. Answers its status, or throws what it has said when that takes too long, once it is gone. */
export async function endOf(program, what, timeoutMs = usualTimeoutMs) {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    program.abandon();
  }, timeoutMs);
  const status = await program.ended.finally(() => clearTimeout(timer));
  if (isLate) throw new Error(`${what} took more than ${timeoutMs / 1_000} s:\n${lastLines(program)}`);
  return status;
}

/** The end of what a program has said. */
export const lastLines = ({ output }, lines = toldLines) => output.trim().split('\n').slice(-lines).join('\n');

const nameOf = (command, args) => `${path.basename(command)} ${args.slice(0, 4).join(' ')} …`;

/** Runs a program and answers what it wrote on standard output. Throws, with the end of what it said, when it fails or takes too long. */
export async function run(command, args, { timeoutMs, ...options } = {}) {
  const program = start(command, args, options);
  const status = await endOf(program, nameOf(command, args), timeoutMs);
  if (status === 0) return program.stdout;
  throw new Error(`${nameOf(command, args)} ended with ${status}:\n${lastLines(program)}`);
}

/** What a program that must fail says. Throws when it succeeds. */
export async function fails(command, args, options) {
  const program = start(command, args, options);
  if ((await endOf(program, nameOf(command, args))) !== 0) return program.output;
  throw new Error(`${nameOf(command, args)} should have failed.`);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Awaits all of them, and only then throws what the first has thrown that failed: none runs on behind the caller's back. */
export async function all(promises) {
  const results = await Promise.allSettled(promises);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  return results.map(({ value }) => value);
}

/**
 * Asks again and again until the answer is neither false nor undefined; what is thrown meanwhile counts as no answer yet. With `of`, a program, it
 * throws what that has said when it ends before.
 */
export async function until(what, ask, { timeoutMs = 60_000, everyMs = 500, of } = {}) {
  const deadline = Date.now() + timeoutMs;
  let failure;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (of?.status !== undefined) {
      throw new Error(`Not before the program ended with ${of.status}: ${what}\n${lastLines(of)}`, { cause: failure });
    }
    if (Date.now() > deadline) {
      throw new Error(`Not within ${timeoutMs / 1_000} s: ${what}${failure ? ` (${failure.message})` : ''}`, {
        cause: failure,
      });
    }
    await sleep(everyMs);
  }
}
