import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePorts, runProgram } from '#libs/testing';

const scripts = ['dist/apps/api/src/main.js', 'dist/apps/gateway/src/main.js'];

describe.each(scripts)('%s', (script) => {
  it('should list all that is wrong with its environment and end with status 1', async () => {
    const env = { REDIS_URL: 'localhost', PORT: 'web', COGNITO_ENDPOINT: 'ftp://pool' };
    const { status, stderr, stdout } = await runProgram({ script, env });
    expect(status).toBe(1);
    for (const name of ['STARLING_API', 'REDIS_URL', 'PORT', 'COGNITO_ENDPOINT'])
      expect(stderr).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(stderr).not.toMatch(/ {4}at /);
    expect(stdout).toBe('');
  });

  it('should name the variables that the definition asks for and the environment lacks', async () => {
    const env = { STARLING_API: 'examples/tasks', REDIS_URL: 'redis://127.0.0.1:1' };
    const { status, stderr } = await runProgram({ script, env });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^starling\.yaml:\d+:\d+ .*COGNITO_USER_POOL_ID/m);
    expect(stderr).toMatch(/^starling\.yaml:\d+:\d+ .*COGNITO_CLIENT_ID/m);
  });

  it('should name the setting that an API with AWS_IAM lacks', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'starling-settings-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    await writeFile(path.join(dir, 'starling.yaml'), 'name: tasks\nauthenticationType: AWS_IAM\n');
    await writeFile(path.join(dir, 'schema.graphql'), 'type Query { task: ID }');

    const env = { STARLING_API: dir, REDIS_URL: 'redis://127.0.0.1:1' };
    const { status, stderr } = await runProgram({ script, env });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ {2}AWS_IAM needs access keys\. Set IAM_CREDENTIALS_FILE /m);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  it('should list its settings on --help, whatever the environment', async () => {
    const { status, stdout } = await runProgram({ script, args: ['--help'], env: { PORT: 'web' } });
    expect(status).toBe(0);
    expect(stdout).toContain('REDIS_URL (required)');
  });
});

describe('the gateway without Redis', () => {
  it('should end with status 1 and say what it could not reach', async () => {
    const [redisPort, port] = await freePorts(2);
    const { status, stderr } = await runProgram({
      script: 'dist/apps/gateway/src/main.js',
      env: {
        STARLING_API: 'examples/boards',
        STARLING_API_KEY: 'da2-any',
        REDIS_URL: `redis://127.0.0.1:${redisPort}`,
        PORT: String(port),
      },
    });
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(/^REDIS_URL: /);
  });
});
