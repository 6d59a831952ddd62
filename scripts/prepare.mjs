// Brings a clone to the point where its programs can run: dependencies installed, sources built. Does only what is missing.
// Runs on the machine's own Node (20 or newer) and uses nothing that is not in Node itself.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { withLock } from './prepare-lock.mjs';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...names) => path.join(root, ...names);

/** The Node that the project runs on: the npm package `node`. */
export const projectNode = at('node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** Held while something is installed or built; outside of the folders that both make anew. */
const lockFolder = at('.starling-prepare.lock');

/**
 * Installs what package-lock.json asks for and builds what has changed. Programs that are started together in a fresh clone
 * wait for the first of them. What it says goes to standard error.
 */
export async function prepare() {
  if (isInstalled() && isBuilt(fingerprint())) return;
  await withLock(lockFolder, async () => {
    // Looked at again: the one that was waited for may have done it all.
    if (!isInstalled()) await install();
    const sources = fingerprint();
    if (!isBuilt(sources)) await build(sources);
  });
}

/** npm writes its own copy of the lockfile into node_modules at the end of a whole installation. */
function isInstalled() {
  const installed = at('node_modules', '.package-lock.json');
  return (
    existsSync(installed) &&
    existsSync(projectNode) &&
    statSync(installed).mtimeMs >= statSync(at('package-lock.json')).mtimeMs
  );
}

async function install() {
  process.stderr.write('Installing dependencies (once, about a minute)...\n');
  const flags = ['ci', '--loglevel=error', '--no-fund', '--no-audit'];
  const npm = process.env.npm_execpath;
  // npm's own Node runs npm: the one in node_modules is about to be replaced.
  const [command, ...args] = npm
    ? [process.env.npm_node_execpath ?? process.execPath, npm, ...flags]
    : ['npm', ...flags];
  await run(command, args).catch((cause) => {
    throw new Error(`The dependencies were not installed: ${cause.message}. Remove node_modules and try again.`, {
      cause,
    });
  });
}

const builtFile = at('dist', '.built');
const sourceFolders = ['libs', 'apps', 'bench'];

function isBuilt(sources) {
  return existsSync(builtFile) && readFileSync(builtFile, 'utf8') === sources;
}

async function build(sources) {
  process.stderr.write('Building...\n');
  rmSync(at('dist'), { recursive: true, force: true });
  await run(projectNode, [
    at('node_modules', '@swc', 'cli', 'bin', 'swc.js'),
    ...sourceFolders,
    '-d',
    'dist',
    '--copy-files',
    '--quiet',
  ]);
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(builtFile, sources);
}

/** Changes when a source file is added, removed or edited, or when the compiler's settings are. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (file) => {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${path.relative(root, file)} ${mtimeMs} ${size}\n`);
  };
  for (const file of ['.swcrc', 'package.json']) add(at(file));
  for (const folder of sourceFolders) {
    for (const entry of readdirSync(at(folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) add(path.join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  return hash.digest('hex');
}

/**
 * Runs a program; rejects when it fails. Its output goes to standard error, so that ours on standard output is all there is.
 * A signal ends it, and us only after it, so that what we hold is given back.
 */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', process.stderr.fd, process.stderr.fd] });
    let interruption;
    const interrupt = (signal) => {
      interruption = signal;
      child.kill(signal);
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      const name = path.basename(args[0] ?? command);
      if (interruption) reject(new Error(`${name} was interrupted`));
      else if (code === 0) resolve();
      else reject(new Error(`${name} failed (${signal ?? `status ${code}`})`));
    });
  });
}

/** Runs a script of the project on the project's Node and ends as it ends. Signals are passed on. */
export function runOnProjectNode(script, args) {
  const child = spawn(projectNode, [at(script), ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) stopWithParent(child);
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}

/** npm runs us in a shell that does not pass signals on to its child: when npm or the shell is gone, so must we be. */
function stopWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 250);
  watch.unref();
}
