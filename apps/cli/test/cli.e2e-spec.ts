import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '#libs/testing';
import type { Ended } from '#libs/testing';

const starling = (...args: string[]): Promise<Ended> => runProgram({ script: 'dist/apps/cli/src/main.js', args });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'starling-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

describe('starling check', () => {
  it('should find no fault in an example, and name the variables that are not set', async () => {
    const { status, stdout, stderr } = await starling('check', 'examples/tasks');
    expect(stderr).toBe('');
    expect(stdout).toContain('examples/tasks: the API "tasks" has no fault (resolvers: 7, subscriptions: 1).');
    expect(stdout).toContain('Variables that are not set here: COGNITO_CLIENT_ID, COGNITO_USER_POOL_ID.');
    expect(status).toBe(0);
  });

  it('should list every fault on standard error, with status 1', async () => {
    await write('starling.yaml', 'name: broken\nauthenticationType: API_KEY\nresolvrs: []\n');
    await write('schema.graphql', 'type Query {\n  a: Strng\n}\n');
    const { status, stdout, stderr } = await starling('check', folder);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^starling\.yaml:3:1 .*resolvrs.*resolvers/m);
    expect(stderr).toMatch(/^schema\.graphql:2:\d+ .*Strng/m);
  });
});

describe('starling eval', () => {
  it('should run a template on a context and print what it renders', async () => {
    const template = await write('request.vtl', '{"id": "$ctx.args.id", "by": "$ctx.identity.username"}');
    const context = await write('context.json', '{"arguments": {"id": "7"}, "identity": {"username": "jdoe"}}');
    const { status, stdout } = await starling('eval', template, '--context', context);
    expect(stdout).toBe('{"id": "7", "by": "jdoe"}\n');
    expect(status).toBe(0);
  });

  it('should run one handler of a code file, TypeScript too', async () => {
    const code = await write(
      'task.ts',
      `import { util, type Context } from '@aws-appsync/utils';
export function request(ctx: Context) {
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ id: ctx.args.id }) };
}
export function response(ctx: Context) {
  console.log('seen', ctx.result.id);
  return ctx.result;
}
`,
    );
    const context = await write('code.json', '{"arguments": {"id": "7"}, "result": {"id": "7"}}');
    const requested = await starling('eval', code, '--context', context);
    expect(JSON.parse(requested.stdout)).toEqual({ operation: 'GetItem', key: { id: { S: '7' } } });
    const responded = await starling('eval', code, '--context', context, '--function', 'response');
    expect(JSON.parse(responded.stdout)).toEqual({ id: '7' });
    expect(responded.stderr).toContain('seen');
  });

  it('should say what failed and where, with status 1', async () => {
    const refused = await starling('eval', await write('error.vtl', '$util.error("No such board", "NotFound")'));
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain('No such board');
    const broken = await starling(
      'eval',
      await write('loop.js', 'export function request() {\n  while (true) {}\n}\n'),
    );
    expect(broken.status).toBe(1);
    expect(broken.stderr).toMatch(/^2:3 /m);
  });

  it.each([
    ['a missing file', ['eval', 'nothing.vtl'], /nothing\.vtl can't be read/],
    ['no file', ['eval'], /Usage: starling eval/],
    [
      'a context that is no JSON',
      ['eval', 'examples/boards/resolvers/Query.getTasks.response.vtl', '--context', 'README.md'],
      /context is not JSON/,
    ],
    ['an unknown command', ['evil'], /There is no command "evil"/],
    ['a folder that is none', ['check'], /Usage: starling check DIR/],
  ])('should say what is wrong with %s', async (_what, args, text) => {
    const { status, stderr } = await starling(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(text);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});
