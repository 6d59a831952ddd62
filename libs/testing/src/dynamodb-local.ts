import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { connectDynamoDb } from './dynamodb.js';
import type { DynamoDb } from './dynamodb.js';
import { freePorts } from './free-port.js';
import { findOnPath } from './on-path.js';

const run = promisify(execFile);

/** The release of Maven Central that is installed. It runs on Java 17. */
const version = '2.6.1';

/** Time for Maven to fetch 51 MB, in milliseconds: half a minute on a usual line. */
const installTimeoutMs = 150_000;

/** Time for the server to answer, in milliseconds: a second or two, more on a busy machine. */
const startTimeoutMs = 30_000;

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>starling</groupId>
  <artifactId>dynamodb-local</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

/**
 * Starts Amazon's DynamoDB Local in memory, on loopback and a free port, for what dynalite does not have: transactions.
 * Installs it at its first use, under the user's cache folder.
 *
 * @returns what is missing, in one line, where there is no Java or no Maven
 */
export async function startDynamoDbLocal(): Promise<DynamoDb | { readonly missing: string }> {
  const java = await findOnPath('java');
  const maven = await findOnPath('mvn');
  if (java === undefined || maven === undefined) return { missing: 'DynamoDB Local needs java and mvn on PATH' };
  const libraries = await install(maven);
  const [port] = (await freePorts(1)) as [number];
  const server = spawn(
    java,
    [
      `-Djava.library.path=${libraries}`,
      '-cp',
      join(libraries, '*'),
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      '-inMemory',
      '-port',
      String(port),
    ],
    // It leaves a file of its own where it runs.
    { stdio: 'ignore', cwd: libraries },
  );
  const endWithProcess = () => server.kill('SIGKILL');
  process.once('exit', endWithProcess);
  const end = async () => {
    process.removeListener('exit', endWithProcess);
    await stop(server);
  };
  try {
    await waitUntilServing(server, port);
  } catch (error) {
    await end();
    throw error;
  }
  return connectDynamoDb(port, end);
}

/** The folder of the libraries. They are fetched beside it and put in place at once, so that half a fetch is never used. */
async function install(maven: string): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'starling');
  const installed = join(cache, `dynamodb-local-${version}`);
  if (await exists(installed)) return installed;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'dynamodb-local-'));
  try {
    await writeFile(join(folder, 'pom.xml'), pom);
    const goal = ['dependency:copy-dependencies', '-DoutputDirectory=lib', '-DincludeScope=runtime'];
    await run(maven, ['-q', '-B', ...goal], { cwd: folder, timeout: installTimeoutMs });
    await rename(join(folder, 'lib'), installed).catch(async (error: unknown) => {
      // Another test run was faster; its copy is as good.
      if (!(await exists(installed))) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return installed;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function waitUntilServing(server: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`DynamoDB Local ended at its start with code ${server.exitCode}.`);
    // It says nothing when it is ready; any answer, refusals among them, means that it is.
    const answer = await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(2000) }).catch(
      () => undefined,
    );
    if (answer !== undefined) return;
    if (Date.now() > deadline) throw new Error(`DynamoDB Local did not answer within ${startTimeoutMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill('SIGKILL');
  await gone;
}
