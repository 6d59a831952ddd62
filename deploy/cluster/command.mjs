// Programs that the rows run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Lines of a program that has failed which are worth reading. */
const toldLines = 15;

/**
 * Starts a program in the repository. `output` is what it has written, on both streams; `ended` resolves with its status. It is ended with us.
 */
export function start(command, args, { env, cwd = root, input } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const program = { pid: child.pid, output: '', stdout: '', kill: (signal) => child.kill(signal) };
  child.stdout.on('data', (chunk) => {
    program.stdout += chunk;
    program.output += chunk;
  });
  child.stderr.on('data', (chunk) => (program.output += chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  program.ended = Promise.race([
    once(child, 'close').then(([status]) => status),
    once(child, 'error').then(([error]) => {
      program.output += error.message;
      return 127;
    }),
  ]).finally(() => process.removeListener('exit', endWithUs));
  return program;
}

/** Runs a program and answers what it wrote on standard output. Throws, with the end of what it said, when it fails or takes too long. */
export async function run(command, args, { timeoutMs = 120_000, ...options } = {}) {
  const program = start(command, args, options);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    program.kill('SIGKILL');
  }, timeoutMs);
  const status = await program.ended.finally(() => clearTimeout(timer));
  if (status === 0) return program.stdout;
  const how = isLate ? `took more than ${timeoutMs / 1_000} s` : `ended with ${status}`;
  const said = program.output.trim().split('\n').slice(-toldLines).join('\n');
  throw new Error(`${path.basename(command)} ${args.slice(0, 4).join(' ')} … ${how}:\n${said}`);
}

/** What a program that must fail says. Throws when it succeeds. */
export async function fails(command, args, options) {
  const program = start(command, args, options);
  if ((await program.ended) !== 0) return program.output;
  throw new Error(`${path.basename(command)} ${args.slice(0, 4).join(' ')} … should have failed.`);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again until the answer is neither false nor undefined; what is thrown meanwhile counts as no answer yet. */
export async function until(what, ask, { timeoutMs = 60_000, everyMs = 500 } = {}) {
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
    if (Date.now() > deadline) {
      throw new Error(`Not within ${timeoutMs / 1_000} s: ${what}${failure ? ` (${failure.message})` : ''}`, {
        cause: failure,
      });
    }
    await sleep(everyMs);
  }
}
