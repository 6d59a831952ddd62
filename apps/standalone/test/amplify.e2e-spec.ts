import { afterEach, describe, expect, it } from 'vitest';
import { postGraphql, runProgram } from '#libs/testing';
import { connectAmplify, is } from './connect-amplify.js';
import type { AmplifyClient } from './connect-amplify.js';
import { startStandalone, temporaryFolder, threePorts, tokenScript } from './start-standalone.js';
import type { StartedStandalone } from './start-standalone.js';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

async function start(api: string): Promise<StartedStandalone> {
  const { folder, remove } = await temporaryFolder();
  cleanUp.push(remove);
  const standalone = await startStandalone({ api, dataDirectory: folder, ports: await threePorts() });
  cleanUp.push(() => standalone.stop());
  return standalone;
}

function connect({ dev }: StartedStandalone, credentials: Record<string, string>): AmplifyClient {
  const client = connectAmplify({ endpoint: dev.tlsGraphqlUrl, ca: dev.ca, credentials });
  cleanUp.push(() => client.stop());
  return client;
}

describe('an unmodified Amplify client', { timeout: 60_000 }, () => {
  it("should live the boards' story with an API key", async () => {
    const standalone = await start('examples/boards');
    const amplify = connect(standalone, { authMode: 'apiKey', apiKey: standalone.dev.apiKey! });
    const query = 'subscription ($boardId: String) { onTaskCreated(boardId: $boardId) { id title boardId } }';
    amplify.send({ command: 'subscribe', name: 'nest', query, variables: { boardId: 'nest' } });
    await amplify.waitFor(is('ack'));
    amplify.send({ command: 'subscribe', name: 'flock', query, variables: { boardId: 'flock' } });
    await amplify.waitFor(is('ack'));

    const mutation =
      'mutation ($boardId: String!) { createTask(title: "Build", boardId: $boardId) { id title boardId } }';
    amplify.send({ command: 'mutate', query: mutation, variables: { boardId: 'flock' } });
    expect(await amplify.waitFor(is('answer'))).toMatchObject({
      data: { createTask: { title: 'Build', boardId: 'flock' } },
    });
    expect(await amplify.waitFor(is('next'))).toMatchObject({
      name: 'flock',
      data: { onTaskCreated: { title: 'Build', boardId: 'flock' } },
    });
    amplify.send({ command: 'mutate', query: mutation, variables: { boardId: 'nest' } });
    expect(await amplify.waitFor(is('next'))).toMatchObject({ name: 'nest' });
    expect(amplify.seen.filter(is('next'))).toHaveLength(2);
  });

  it('should be told of its invalidation and not subscribe again by itself', async () => {
    const standalone = await start('examples/tasks');
    const tokenOf = async (user: string): Promise<string> =>
      (await runProgram({ script: tokenScript, args: [user, '--data', standalone.dataDirectory] })).stdout.trim();
    const manager = await tokenOf('janed');
    // Amplify sends access tokens for user pools; the article's invalidation filter reads an ID token's e-mail.
    const amplify = connect(standalone, { authMode: 'lambda', authToken: await tokenOf('jdoe') });
    const query = 'subscription { onHightPriorityEngineeringTaskCreated { id title classification } }';
    amplify.send({ command: 'subscribe', name: 'high', query });
    await amplify.waitFor(is('ack'));

    const createTask = (title: string): Promise<unknown> =>
      postGraphql(
        standalone.dev.graphqlUrl,
        { authorization: manager },
        `mutation { createTask(title: "${title}", priority: high, department: "engineering", classification: 8) { id title priority department classification } }`,
      );
    await createTask('First');
    expect(await amplify.waitFor(is('next'))).toMatchObject({
      data: { onHightPriorityEngineeringTaskCreated: { title: 'First', classification: 8 } },
    });

    await postGraphql(
      standalone.dev.graphqlUrl,
      { authorization: manager },
      'mutation { unsubscribe(email: "jdoe@myemail.com") { email } }',
    );
    const error = await amplify.waitFor(is('error', 'high'));
    expect(error.message).toContain('SubscriptionInvalidated');

    // Amplify connects anew five seconds after a disruption; longer than that, nothing may come.
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    await createTask('Second');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(amplify.seen.filter(is('next'))).toHaveLength(1);
    expect(amplify.seen.filter(is('ack'))).toHaveLength(1);
  });

  it('should show the application why a subscription was refused', async () => {
    const standalone = await start('examples/boards');
    const amplify = connect(standalone, { authMode: 'apiKey', apiKey: 'da2-wrongwrongwrongwrongwrongwr' });
    amplify.send({ command: 'subscribe', name: 'nest', query: 'subscription { onTaskCreated { id } }' });
    expect((await amplify.waitFor(is('error', 'nest'))).message).toContain('UnauthorizedException');
    amplify.send({ command: 'mutate', query: '{ getTasks { id } }' });
    expect((await amplify.waitFor(is('answer'))).errors?.[0]?.message).toContain('Unauthorized');
  });
});
