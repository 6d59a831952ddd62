import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { installDebianPackage } from './debian-package.js';
import { freePorts } from './free-port.js';
import { findOnPath } from './on-path.js';
import { launch, makeFolder, prepare, unprivilegedUser } from './sql-server.js';
import type { SqlServer } from './sql-server.js';

/** Where Debian keeps the programs of each release; they are not on PATH. */
const debianFolder = '/usr/lib/postgresql';

/**
 * Starts a PostgreSQL with an empty database `starling` on a free port, installing Debian's package where it can. Resolves
 * when it serves; throws one line that says what to install where there is none.
 */
export async function startPostgres(): Promise<SqlServer> {
  const { initdb, postgres } = await ensurePrograms();
  const user = await unprivilegedUser();
  const folder = await makeFolder('starling-postgres-', user);
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, 'starling\n', { mode: 0o644 });
  const authentication = ['--username=starling', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  await prepare(initdb, ['-D', data, ...authentication, '--encoding=UTF8', '--locale=C', '--no-sync'], user);

  const [port = 0] = await freePorts(1);
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
  const stop = await launch({
    program: postgres,
    args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    user,
    folder,
    readyText: 'database system is ready to accept connections',
  });
  return { connectionString: `postgres://starling:starling@127.0.0.1:${port}/postgres`, port, stop };
}

async function ensurePrograms(): Promise<{ readonly initdb: string; readonly postgres: string }> {
  const present = await findPrograms();
  if (present) return present;
  if (await installDebianPackage('postgresql')) {
    const installed = await findPrograms();
    if (installed) return installed;
  }
  throw new Error('No PostgreSQL server: install the package "postgresql", or put initdb and postgres on PATH.');
}

async function findPrograms(): Promise<{ readonly initdb: string; readonly postgres: string } | undefined> {
  const releases = await readdir(debianFolder).catch(() => []);
  const newestFirst = releases.sort((a, b) => Number(b) - Number(a));
  const folders = newestFirst.map((release) => join(debianFolder, release, 'bin'));
  const initdb = await findOnPath('initdb', folders);
  const postgres = await findOnPath('postgres', folders);
  return initdb && postgres ? { initdb, postgres } : undefined;
}
