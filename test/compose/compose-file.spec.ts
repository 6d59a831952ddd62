import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiSettings, describeSettings, gatewaySettings } from '#libs/config';
import { composeFolder, readComposeFile } from './compose-file.js';
import type { ComposeFile, ComposeService } from './compose-file.js';

const run = promisify(execFile);

let file: ComposeFile;
beforeAll(async () => {
  file = await readComposeFile();
});

const servers = ['api-1', 'api-2', 'gateway-1', 'gateway-2'];
const service = (name: string): ComposeService => file.services[name]!;

describe('the compose file', () => {
  it('should be what docker compose takes', { timeout: 120_000 }, async () => {
    const { stdout } = await run(process.execPath, ['scripts/tools/compose-schema.mjs']);
    const schema = JSON.parse(await readFile(stdout.trim(), 'utf8')) as object;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    const faults = validate(file) ? [] : validate.errors;
    expect(faults).toEqual([]);
    expect(validate({ services: { redis: { imagine: 'redis' } } })).toBe(false);
  });

  it('should wait for services that are there, and can say that they are ready', () => {
    for (const [name, { depends_on: needed = {} }] of Object.entries(file.services)) {
      for (const [other, { condition }] of Object.entries(needed)) {
        expect(Object.keys(file.services), name).toContain(other);
        if (condition === 'service_healthy') expect(service(other).healthcheck, `${name}, ${other}`).toBeDefined();
      }
    }
  });

  it('should mount files that are there, and volumes that it names', () => {
    const mounted = Object.values(file.services).flatMap(({ volumes = [] }) =>
      volumes.map((each) => each.split(':')[0]!),
    );
    expect(mounted.length).toBeGreaterThan(5);
    for (const source of mounted) {
      if (source.startsWith('.')) expect(existsSync(path.join(composeFolder, source)), source).toBe(true);
      else expect(Object.keys(file.volumes)).toContain(source);
    }
  });

  it('should build targets that the Dockerfile has', async () => {
    const dockerfile = await readFile('deploy/Dockerfile', 'utf8');
    for (const { build } of Object.values(file.services)) {
      if (!build) continue;
      expect(path.resolve(composeFolder, build.context, build.dockerfile)).toBe(path.resolve('deploy/Dockerfile'));
      expect(dockerfile).toMatch(new RegExp(`AS ${build.target}$`, 'm'));
    }
  });

  it('should give servers settings that they have, and a time to stop that is enough', () => {
    const settings = new Set(
      [apiSettings, gatewaySettings].flatMap((each) => describeSettings(each).map(({ name }) => name)),
    );
    const ofTheApi = ['STARLING_API_KEY', 'COGNITO_USER_POOL_ID', 'COGNITO_CLIENT_ID'];
    const ofTheSdk = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
    for (const name of servers) {
      const { environment = {}, stop_grace_period: grace = '' } = service(name);
      const others = Object.keys(environment).filter((each) => !settings.has(each));
      expect(others.sort()).toEqual([...ofTheApi, ...ofTheSdk].sort());
      const stopMs = Number(environment.DRAIN_DELAY_MS) + Number(environment.DRAIN_SECONDS) * 1000 + 5_000;
      expect(Number.parseInt(grace, 10) * 1000).toBeGreaterThan(stopMs);
    }
  });

  it('should hold servers to what the image needs', () => {
    for (const name of servers) {
      expect(service(name)).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(service(name)).not.toHaveProperty('user');
    }
  });

  it('should be reached from this machine only', () => {
    const published = Object.values(file.services).flatMap(({ ports = [] }) => ports);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter((each) => !each.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('should not leave versions of images to chance', () => {
    const images = Object.values(file.services).map(({ image }) => image);
    expect(images.filter((image) => !/:.*\d|:dev/.test(image))).toEqual([]);
  });
});
