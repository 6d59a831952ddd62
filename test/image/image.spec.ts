import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { AppSyncClient, executeGraphql, freePorts, startDynamoDb } from '#libs/testing';
import { stageImage } from './staged-image.js';
import type { ImageProgram, StagedImage } from './staged-image.js';

/** What the image may add to Node's, in bytes. */
const maxBytes = 80_000_000;
/** What each file costs in a layer, in bytes: its header. */
const headerBytes = 512;

/** Processor time until a program serves, in milliseconds. The promise is 3 seconds on a machine that is not busy. */
const maxStartMs = 3_000;

const apiKey = 'da2-image-image-image-image';

let image: StagedImage;
/** Paths under /app with slashes. */
let files: readonly string[];

beforeAll(async () => {
  image = await stageImage();
  files = await filesIn(image.app);
}, 120_000);
afterAll(() => image.remove());

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** `name@version` of every package in a folder that has node_modules. */
async function packagesIn(folder: string): Promise<Set<string>> {
  const manifests = (await filesIn(folder)).filter((file) =>
    /(^|\/)node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(file),
  );
  const found = manifests.map(async (file) => {
    const { name, version } = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Manifest;
    return `${name}@${version}`;
  });
  return new Set(await Promise.all(found));
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

interface BillOfMaterials {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly version: number;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

async function billOf(app: string): Promise<BillOfMaterials> {
  return JSON.parse(await readFile(path.join(app, 'sbom.cdx.json'), 'utf8')) as BillOfMaterials;
}

const fullName = ({ group, name, version }: Component): string => `${group ? `${group}/` : ''}${name}@${version}`;

describe("the image's files", () => {
  it('should add less than 80 MB to the base image', async () => {
    const sizes = await Promise.all(files.map(async (file) => (await stat(path.join(image.app, file))).size));
    const bytes = sizes.reduce((sum, size) => sum + size + headerBytes, 0);
    expect(bytes).toBeGreaterThan(10_000_000);
    expect(bytes).toBeLessThan(maxBytes);
  });

  it('should have nothing that only tests, builds and laptops need', async () => {
    const names = [...(await packagesIn(image.app))].map((name) => name.slice(0, name.lastIndexOf('@')));
    const unwanted = ['node', 'npm', 'vitest', 'typescript', '@swc/core', 'dynalite', 'cognito-local', 'aws-sdk'];
    expect(names.filter((name) => unwanted.includes(name) || name.startsWith('@types/'))).toEqual([]);
    expect(
      files.filter((file) => /\.map$|\.d\.ts$|^dist\/(.*\.spec\.|.*\/test\/|bench|libs\/testing)/.test(file)),
    ).toEqual([]);
  });

  it('should keep the licences of what it is made of', () => {
    expect(files).toContain('LICENSE');
    expect(files.filter((file) => /^node_modules\/.*licen[cs]e/i.test(file)).length).toBeGreaterThan(100);
  });

  it('should have every package that its programs import', async () => {
    const programs = files.filter((file) => /^dist\/.*\.js$/.test(file));
    expect(programs.length).toBeGreaterThan(300);
    const missing = new Set<string>();
    let imports = 0;
    for (const program of programs) {
      const file = path.join(image.app, program);
      const require = createRequire(file);
      const text = await readFile(file, 'utf8');
      const specifiers = [
        ...text.matchAll(/^(?:import|export)\b(?:[^'"`;=]*?\bfrom)?\s*['"]([^'"]+)['"]/gm),
        ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
      ];
      for (const [, name] of specifiers) {
        imports += 1;
        if (name!.startsWith('node:')) continue;
        if (name!.startsWith('.') || name!.startsWith('#')) {
          const target = name!.replace(/^#(\w+)\/(.+)$/, path.join(image.app, 'dist/$1/$2/src/index.js'));
          if (!files.includes(path.relative(image.app, path.resolve(path.dirname(file), target)))) missing.add(name!);
        } else {
          const folder = /^(@[^/]+\/)?[^/]+/.exec(name!)![0];
          const isThere = (require.resolve.paths(name!) ?? [])
            .filter((each) => each.startsWith(image.app))
            .some((each) => files.includes(path.join(path.relative(image.app, each), folder, 'package.json')));
          if (!isThere) missing.add(`${program}: ${name}`);
        }
      }
    }
    expect([...missing]).toEqual([]);
    expect(imports).toBeGreaterThan(1_000);
  });

  it('should be the same whoever makes them: one time, and modes that do not depend on the umask', async () => {
    for (const file of files) {
      const { mtimeMs, mode } = await stat(path.join(image.app, file));
      expect([file, mtimeMs]).toEqual([file, 0]);
      expect([file, mode & 0o777]).toEqual([file, mode & 0o100 ? 0o755 : 0o644]);
    }
  });
});

describe('the bill of materials', () => {
  it('should list every package of the image and no other', async () => {
    const { components } = await billOf(image.app);
    expect(new Set(components.map(fullName))).toEqual(await packagesIn(image.app));
    expect(components.length).toBeGreaterThan(100);
  });

  it('should list those that standalone adds', async () => {
    const { components } = await billOf(image.standalone);
    const expected = new Set([...(await packagesIn(image.app)), ...(await packagesIn(image.standalone))]);
    expect(new Set(components.map(fullName))).toEqual(expected);
    expect([...expected].some((name) => name.startsWith('dynalite@'))).toBe(true);
  });

  it('should be CycloneDX, with addresses, sums and dependencies', async () => {
    const bill = await billOf(image.app);
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
    expect(bill.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const references = [bill.metadata.component, ...bill.components].map((each) => each['bom-ref']);
    expect(new Set(references).size).toBe(references.length);
    for (const component of bill.components) {
      expect(component).toMatchObject({ type: 'library', version: expect.any(String) as string });
      expect(component.purl).toBe(`pkg:npm/${fullName(component).replace(/^@/, '%40')}`);
      expect(component.hashes?.[0]).toMatchObject({ alg: 'SHA-512' });
      expect(component.hashes?.[0]?.content).toMatch(/^[0-9a-f]{128}$/);
    }
    expect(new Set(bill.dependencies.map(({ ref }) => ref))).toEqual(new Set(references));
    expect(bill.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !references.includes(ref))).toEqual(
      [],
    );
    const reached = new Set<string>();
    const waiting = [bill.metadata.component['bom-ref']];
    for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
      if (reached.has(ref)) continue;
      reached.add(ref);
      waiting.push(...(bill.dependencies.find((each) => each.ref === ref)?.dependsOn ?? []));
    }
    // Nothing is there that nobody asked for, but for peers, which are not dependencies of whoever has them.
    expect(references.filter((ref) => !reached.has(ref)).length).toBeLessThan(references.length / 10);
  });
});

describe('the image', () => {
  async function start(app: 'api' | 'gateway', env: Readonly<Record<string, string>>): Promise<ImageProgram> {
    const program = await image.start([app], 'is listening', {
      STARLING_API: path.join(image.files, 'boards'),
      STARLING_API_KEY: apiKey,
      REDIS_URL: inject('redisUrl'),
      HOST: '127.0.0.1',
      METRICS_HOST: '127.0.0.1',
      AWS_REGION: 'us-west-2',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      ...env,
    });
    onTestFinished(async () => void (await program.stop()));
    return program;
  }

  it('should serve as a user that may write nothing, in less than 3 seconds', { timeout: 60_000 }, async () => {
    const dynamodb = await startDynamoDb();
    onTestFinished(() => dynamodb.stop());
    await dynamodb.createTable({ tableName: 'TasksTable', partitionKey: 'id' });
    const [apiPort, gatewayPort] = (await freePorts(2)) as [number, number];
    const api = await start('api', { PORT: String(apiPort), DYNAMODB_ENDPOINT: dynamodb.endpoint });
    const gateway = await start('gateway', { PORT: String(gatewayPort) });
    expect([api.cpuMs < maxStartMs, gateway.cpuMs < maxStartMs]).toEqual([true, true]);

    const url = `ws://127.0.0.1:${gatewayPort}/graphql/realtime`;
    const authorization = { host: `127.0.0.1:${gatewayPort}`, 'x-api-key': apiKey };
    const client = await AppSyncClient.connect({ url, authorization });
    await client.init();
    client.start('one', 'subscription { onTaskCreated { title } }', {}, authorization);
    await client.waitForMessage(({ type }) => type === 'start_ack');
    await executeGraphql(
      `http://127.0.0.1:${apiPort}/graphql`,
      { 'x-api-key': apiKey },
      'mutation { createTask(title: "Nest", boardId: "board-1") { id title boardId } }',
    );
    const { payload } = await client.waitForMessage(({ type }) => type === 'data');
    expect(payload).toMatchObject({ data: { onTaskCreated: { title: 'Nest' } } });
    await client.close();

    expect([await api.stop(), await gateway.stop()]).toEqual([0, 0]);
    expect(await filesIn(image.app)).toEqual(files);
  });

  it('should check a definition', async () => {
    const { status, stdout } = await image.run(['check', path.join(image.files, 'boards')]);
    expect(stdout).toContain('has no fault');
    expect(status).toBe(0);
  });

  it('should list the settings of a server', async () => {
    expect(await image.run(['gateway', '--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Settings of the gateway') as string,
    });
  });

  it.each([
    { args: [], says: 'Name a command.' },
    { args: ['gatway'], says: 'There is no command "gatway".' },
    { args: ['toString'], says: 'There is no command "toString".' },
    { args: ['standalone'], says: 'build the target "standalone"' },
  ])('should say what can be run when it is told $args', async ({ args, says }) => {
    const { status, stdout, stderr } = await image.run(args);
    expect(stderr).toContain(says);
    expect([status, stdout]).toEqual([1, '']);
  });

  it('should list its commands', async () => {
    const { status, stdout } = await image.run(['--help']);
    expect(stdout).toMatch(/^ {2}api .*\n {2}gateway /m);
    expect(status).toBe(0);
  });

  it('should serve a whole API with what standalone adds', { timeout: 90_000 }, async () => {
    await cp(image.standalone, image.app, { recursive: true });
    const [port, tlsPort, cognitoPort] = (await freePorts(3)) as [number, number, number];
    const program = await image.start(['standalone', 'examples/boards'], 'graphql', {
      PORT: String(port),
      TLS_PORT: String(tlsPort),
      COGNITO_PORT: String(cognitoPort),
    });
    const dev = JSON.parse(await readFile(path.join(image.app, '.starling/dev.json'), 'utf8')) as { apiKey: string };
    const { data: answer } = await executeGraphql(
      `http://127.0.0.1:${port}/graphql`,
      { 'x-api-key': dev.apiKey },
      'query { getTasks { id } }',
    );
    expect(answer).toEqual({ getTasks: [] });
    expect(await program.stop()).toBe(0);
  });
});
