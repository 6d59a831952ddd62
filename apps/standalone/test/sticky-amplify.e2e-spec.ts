import { cp, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { postGraphql, runProgram } from '#libs/testing';
import { connectAmplify, is } from './connect-amplify.js';
import { startStandalone, temporaryFolder, threePorts, tokenScript } from './start-standalone.js';

const started = new AsyncDisposableStack();
afterAll(() => started.disposeAsync());

/** A network between a client and a server that a test can cut; what is connected later goes through. */
async function startNetwork(targetPort: number): Promise<{ readonly port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  const server = createServer((socket) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [socket, target],
      [target, socket],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started.defer(() => {
    cut();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, cut };
}

describe("an unmodified Amplify client that was away during its user's invalidation", { timeout: 60_000 }, () => {
  it('should be refused when it subscribes again by itself, and give up', async () => {
    const { folder, remove } = await temporaryFolder();
    started.defer(remove);
    const api = join(folder, 'tasks');
    await cp('examples/tasks', api, { recursive: true });
    const template = join(api, 'resolvers/Mutation.unsubscribe.response.vtl');
    const text = await readFile(template, 'utf8');
    await writeFile(template, text.replace('"payload"', '"sticky": 300, "payload"'));
    const standalone = started.adopt(
      await startStandalone({ api, dataDirectory: folder, ports: await threePorts() }),
      async (it) => void (await it.stop()),
    );
    const { dev } = standalone;
    const tokenOf = async (user: string): Promise<string> =>
      (await runProgram({ script: tokenScript, args: [user, '--data', standalone.dataDirectory] })).stdout.trim();
    const manager = await tokenOf('janed');
    const mutate = (mutation: string): Promise<unknown> =>
      postGraphql(dev.graphqlUrl, { authorization: manager }, `mutation { ${mutation} }`);
    const createTask = (title: string): Promise<unknown> =>
      mutate(
        `createTask(title: "${title}", priority: high, department: "engineering", classification: 8) { id title priority department classification }`,
      );

    const endpoint = new URL(dev.tlsGraphqlUrl);
    const network = await startNetwork(Number(endpoint.port));
    endpoint.port = String(network.port);
    const amplify = started.adopt(
      connectAmplify({
        endpoint: endpoint.href,
        ca: dev.ca,
        // Amplify sends access tokens for user pools; the article's invalidation filter reads an ID token's e-mail.
        credentials: { authMode: 'lambda', authToken: await tokenOf('jdoe') },
      }),
      (it) => it.stop(),
    );
    const query = 'subscription { onHightPriorityEngineeringTaskCreated { id title classification } }';
    amplify.send({ command: 'subscribe', name: 'high', query });
    await amplify.waitFor(is('ack'));
    await createTask('First');
    await amplify.waitFor(is('next', 'high'));

    network.cut();
    await amplify.waitFor(({ state }) => state === 'ConnectionDisrupted');
    await mutate('unsubscribe(email: "jdoe@myemail.com") { email }');

    // Amplify connects anew five seconds later, and starts what it had.
    const { message } = await amplify.waitFor(is('error', 'high'));
    expect(message).toContain('SubscriptionInvalidated');
    expect(message).toMatch(/it is refused for the next \d+ s/);

    // Once more than that long: nothing is tried again, and nothing comes.
    await createTask('Second');
    await sleep(7_000);
    expect(amplify.seen.filter(is('next'))).toHaveLength(1);
    expect(amplify.seen.filter(is('ack'))).toHaveLength(1);
    expect(amplify.seen.filter(is('error'))).toHaveLength(1);
  });
});
