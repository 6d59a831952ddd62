// Programs that tests and guides need and that come as Go modules: found on PATH, or built once into the user's cache folder.
import { execFile } from 'node:child_process';
import { access, chmod, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withLock } from '../prepare-lock.mjs';

const run = promisify(execFile);

/** Time for Go to fetch and compile a program, in milliseconds: two minutes on two busy cores, twice that at worst. */
const buildTimeoutMs = 480_000;

/** Where programs and generated schemas are kept between runs, beside those of other tools of the project. */
export const cacheFolder = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'starling');

/**
 * Path of a program. The one on PATH is taken if it is of the wanted major version, because that is what the machine's user
 * runs as well; else the pinned one is built with Go.
 *
 * `tool`: its `name`; the Go `package` and `version` to build; `versionArgs`, with which it prints its version; `flags` for the linker.
 */
export async function ensureGoTool(tool) {
  const onPath = await findOnPath(tool.name);
  if (onPath && (await majorOf(onPath, tool.versionArgs)) === majorIn(tool.version)) return onPath;
  const folder = path.join(cacheFolder, `${tool.name}-${tool.version}`);
  const built = path.join(folder, tool.name);
  if (await isExecutable(built)) return built;
  // Several test files ask at once; the first of them builds.
  await withLock(`${folder}.lock`, async () => {
    if (!(await isExecutable(built))) await build(tool, folder);
  });
  return built;
}

async function build({ name, package: source, version, flags = '' }, folder) {
  const go = await requireGo(`${name} is neither on PATH nor built yet`);
  process.stderr.write(`Building ${name} ${version} (once, one to two minutes)...\n`);
  await mkdir(cacheFolder, { recursive: true });
  const beside = await mkdtemp(path.join(cacheFolder, `${name}-`));
  try {
    const env = { ...process.env, GOBIN: beside, GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' };
    const args = ['install', '-trimpath', '-ldflags', `-s -w ${flags}`, `${source}@${version}`];
    await run(go, args, { env, cwd: homedir(), timeout: buildTimeoutMs });
    const [program] = await readdir(beside);
    if (program !== name) await rename(path.join(beside, program), path.join(beside, name));
    // mkdtemp makes it for one user; a cache may be shared.
    await chmod(beside, 0o755);
    await rename(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** The folder of a Go module's files, downloaded where it is missing. */
export async function moduleFolder(module, version) {
  const go = await requireGo(`${module} is needed`);
  const { stdout } = await run(go, ['mod', 'download', '-json', `${module}@${version}`], {
    cwd: homedir(),
    timeout: buildTimeoutMs,
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout).Dir;
}

async function requireGo(why) {
  const go = (await findOnPath('go')) ?? '/usr/local/go/bin/go';
  if (await isExecutable(go)) return go;
  throw new Error(`${why}, and there is no Go to make it with: install Go 1.26 or newer.`);
}

async function majorOf(program, versionArgs) {
  // What can't say its version is not the program that was looked for.
  const said = await run(program, versionArgs, { timeout: 20_000 }).catch(() => ({ stdout: '' }));
  return majorIn(said.stdout);
}

function majorIn(text) {
  return /v?(\d+)\.\d+/.exec(text)?.[1];
}

async function findOnPath(name) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    if (folder !== '' && (await isExecutable(path.join(folder, name)))) return path.join(folder, name);
  }
  return undefined;
}

export function isExecutable(file) {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Runs `ensure` when the script of `url` is what Node was started with, and prints the path. */
export async function printWhenMain(url, ensure) {
  if (process.argv[1] === undefined || path.resolve(process.argv[1]) !== fileURLToPath(url)) return;
  try {
    process.stdout.write(`${await ensure()}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
