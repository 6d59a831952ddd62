import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { postGraphql, runProgram, startProgram } from '#libs/testing';
import { fourPorts, startStandalone, temporaryFolder, tokenScript } from './start-standalone.js';
import type { StartedStandalone } from './start-standalone.js';

const api = 'examples/multi-auth';

let dataDirectory: string;
let ports: number[];
let standalone: StartedStandalone;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder: dataDirectory, remove } = await temporaryFolder());
  ports = await fourPorts();
  standalone = await startStandalone({ api, dataDirectory, ports });
});

afterAll(async () => {
  await standalone.stop();
  await remove();
});

async function printed(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runProgram({ script: tokenScript, args: [...args, '--data', dataDirectory] });
  return (stdout || stderr).trim();
}

describe('npm start', () => {
  it('should have credentials for each mode in dev.json, and print them', async () => {
    const { dev, stdout } = standalone;
    const { credentials } = dev;
    expect(credentials).toEqual({
      apiKey: expect.stringMatching(/^da2-[a-z0-9]{26}$/) as unknown,
      userPoolToken: expect.stringMatching(/^eyJ/) as unknown,
      oidcToken: expect.stringMatching(/^eyJ/) as unknown,
      lambdaToken: expect.stringMatching(/^local-/) as unknown,
      iam: {
        accessKeyId: expect.stringMatching(/^LOCAL[0-9A-F]{15}$/) as unknown,
        secretAccessKey: expect.stringMatching(/^[\w-]{40}$/) as unknown,
      },
    });
    expect(dev.oidc).toEqual({
      issuer: `http://localhost:${ports[3]}`,
      tokenEndpoint: `http://localhost:${ports[3]}/token`,
      clientId: 'starling-local',
    });
    const pair = `${credentials.iam!.accessKeyId}:${credentials.iam!.secretAccessKey}`;
    expect(await printed('--api-key')).toBe(credentials.apiKey);
    expect(await printed('--lambda')).toBe(credentials.lambdaToken);
    expect(await printed('--iam')).toBe(pair);
    expect(await printed('backend', '--iam')).toBe(pair);
    expect(await printed('jdoe', '--oidc')).toMatch(/^eyJ/);
    for (const flags of ['--oidc', '--lambda', 'backend --iam'])
      expect(stdout()).toMatch(new RegExp(`npm run -s token -- .*${flags} --data`));
    expect(stdout()).not.toContain(credentials.iam!.secretAccessKey);
  });

  it('should keep keys where only their owner may read them', async () => {
    const folder = path.join(dataDirectory, 'apis', 'multi-auth');
    for (const file of ['access.json', 'state.json', 'oidc/signing-key.json', 'oidc/service.log'])
      expect((await stat(path.join(folder, file))).mode & 0o077).toBe(0);
  });
});

describe('npm run subscribe', () => {
  it.each([
    ['the API key', []],
    ['a user of the user pool', ['--as', 'jdoe']],
    ['a user of the issuer', ['--as', 'jdoe', '--oidc']],
    ['a display', ['--lambda']],
    ['the backend', ['--iam']],
  ])('should subscribe as %s', async (_who, who) => {
    const { dev } = standalone;
    const args = [`${api}/operations/subscribe.graphql`, ...who, '--data', dataDirectory];
    const watched = await startProgram({ script: 'dist/apps/standalone/src/subscribe.js', args, readyText: '' });
    onTestFinished(async () => void (await watched.stop()));
    await expect.poll(watched.stderr, { timeout: 15_000, interval: 20 }).toContain('Subscribed.');
    await postGraphql(
      dev.graphqlUrl,
      { 'x-api-key': dev.apiKey! },
      'mutation { createTask(title: "Nest", boardId: "board-1") { id title boardId } }',
    );
    await watched.waitForOutput('"title":"Nest"');
  });
});

describe('npm run token', () => {
  it.each([
    ['a wrong password', ['jdoe', '--oidc', '--password', 'guess'], /^jdoe could not sign in: invalid_grant: /],
    ['an unknown user', ['nobody', '--oidc'], /^There is no user "nobody" in dev\.json/],
    [
      'an unknown signer',
      ['jdoe', '--iam'],
      /^There is no access key of "jdoe" in dev\.json \(there are: backend\)\.$/,
    ],
    ['two kinds at once', ['jdoe', '--oidc', '--access'], /^Choose one of --access, --oidc\./],
    ['a user of what is nobody’s', ['jdoe', '--lambda'], /^--lambda is nobody's: leave jdoe out\.$/],
    ['nobody', ['--oidc'], /^Name one user\.\nUsage: npm run -s token /],
  ])('should say what is wrong with %s', async (_what, args, text) => {
    expect(await printed(...args)).toMatch(text);
  });
});
