import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postGraphql, runProgram, startProgram } from '#libs/testing';
import { startStandalone, temporaryFolder, threePorts, tokenScript } from './start-standalone.js';
import type { StartedStandalone } from './start-standalone.js';

const script = 'dist/apps/standalone/src/subscribe.js';
const operation = 'examples/tasks/operations/subscribe.graphql';
const live = 'Subscribed. Waiting for events';

let standalone: StartedStandalone;
let data: string[];
let remove: () => Promise<void>;

beforeAll(async () => {
  const temporary = await temporaryFolder();
  ({ remove } = temporary);
  standalone = await startStandalone({ dataDirectory: temporary.folder, ports: await threePorts() });
  data = ['--data', temporary.folder];
});

afterAll(async () => {
  await standalone.stop();
  await remove();
});

async function asManager(mutation: string): Promise<void> {
  const { stdout } = await runProgram({ script: tokenScript, args: ['janed', ...data] });
  const { errors } = await postGraphql(standalone.dev.graphqlUrl, { authorization: stdout.trim() }, mutation);
  expect(errors).toBeUndefined();
}

async function waitForError(stderr: () => string, text: string): Promise<void> {
  await expect.poll(stderr, { timeout: 15_000, interval: 20 }).toContain(text);
}

describe('npm run subscribe', () => {
  it('should say when it is live, print deliveries, and end with the subscription', async () => {
    const watched = await startProgram({ script, args: [operation, '--as', 'jdoe', ...data], readyText: '' });
    await waitForError(watched.stderr, live);
    await asManager(
      'mutation { createTask(title: "Nest", priority: high, department: "engineering", classification: 8) { id title priority department classification } }',
    );
    await watched.waitForOutput('"title":"Nest"');
    await asManager('mutation { unsubscribe(email: "jdoe@myemail.com") { email } }');
    await waitForError(watched.stderr, 'The subscription has ended.');
    expect(await watched.ended).toBe(0);
    const lines = watched.stdout().trim().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object))).toEqual([['data']]);
  });

  it.each([
    ['a field that is not there', ['subscription { onNothing { id } }', '--as', 'jdoe'], /onNothing/],
    ['no user, in an API with a user pool', [operation], /^The API takes no API keys. Add --as USER \(jdoe, janed\)$/],
    ['a wrong password', [operation, '--as', 'jdoe', '--password', 'guess'], /^jdoe could not log in: /],
    ['an unknown user', [operation, '--as', 'nobody'], /^There is no user "nobody"/],
    ['a file that is not there', ['nothing.graphql', '--as', 'jdoe'], /^There is no file nothing.graphql$/],
    ['a folder', ['examples', '--as', 'jdoe'], /^examples can't be read: /],
    ['variables that are no object', [operation, '--variables', '[1]'], /^--variables must be a JSON object, .*\[1\]$/],
    ['nothing', [], /^Give one subscription.\nUsage: npm run -s subscribe /],
    ['an unknown option', ['--us', 'jdoe'], /^Unknown option '--us'/],
  ])('should say what is wrong with %s, and never that it is live', async (_what, args, text) => {
    const { status, stdout, stderr } = await runProgram({ script, args: [...args, ...data] });
    expect(stderr.trim()).toMatch(text);
    expect(stderr).not.toContain(live);
    expect(stderr).not.toMatch(/ {4}at /);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('should send variables', async () => {
    const query = 'subscription ($unused: Int!) { onHightPriorityEngineeringTaskCreated { id } }';
    const { stderr } = await runProgram({
      script,
      args: [query, '--as', 'jdoe', '--variables', '{"unused":"many"}', ...data],
    });
    expect(stderr).toMatch(/unused/);
  });

  it.each([
    ['subscribe', script],
    ['token', tokenScript],
  ])('should explain %s', async (name, program) => {
    const { status, stdout } = await runProgram({ script: program, args: ['--help'] });
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: npm run -s ${name} -- `));
  });
});
