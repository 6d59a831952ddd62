import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { installDebianPackage } from './debian-package.js';
import { freePorts } from './free-port.js';
import { findOnPath } from './on-path.js';
import { launch, makeFolder, unprivilegedUser } from './sql-server.js';
import type { SqlServer } from './sql-server.js';

/** Folders of programs that an ordinary user's PATH may lack. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin'];

/**
 * Starts a MariaDB, which speaks MySQL's protocol, with an empty database `starling` on a free port, installing Debian's
 * package where it can. Any user and password will do. Resolves when it serves; throws one line that says what to install
 * where there is none.
 */
export async function startMariaDb(): Promise<SqlServer> {
  const program = await ensureProgram();
  const user = await unprivilegedUser();
  const folder = await makeFolder('starling-mariadb-', user);
  const data = await makeFolder('data-', user, folder);
  const initFile = join(folder, 'init.sql');
  await writeFile(initFile, 'CREATE DATABASE starling CHARACTER SET utf8mb4;\n', { mode: 0o644 });

  const [port = 0] = await freePorts(1);
  const stop = await launch({
    program,
    args: [
      // First, or it is not taken: the machine's own settings are of no concern here.
      '--no-defaults',
      `--datadir=${data}`,
      // An empty folder has no tables of users. Making them takes longer than all the rest.
      '--skip-grant-tables',
      `--init-file=${initFile}`,
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--innodb-flush-log-at-trx-commit=0',
    ],
    user,
    folder,
    readyText: 'ready for connections',
  });
  return { connectionString: `mysql://starling:starling@127.0.0.1:${port}/starling`, port, stop };
}

async function ensureProgram(): Promise<string> {
  const present = await findOnPath('mariadbd', systemFolders);
  if (present) return present;
  if (await installDebianPackage('mariadb-server-core')) {
    const installed = await findOnPath('mariadbd', systemFolders);
    if (installed) return installed;
  }
  throw new Error('No MariaDB server: install the package "mariadb-server-core", or put mariadbd on PATH.');
}
