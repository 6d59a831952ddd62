import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { LambdaTarget } from '#libs/api-definition';
import { connectRequest, readCredentials, startRequest } from '#libs/identity';
import type { Credentials, Identity } from '#libs/identity';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAuthoriser } from '../src/create-authoriser.js';
import type { AuthoriserSettings } from '../src/create-authoriser.js';

type Handler = (event: unknown) => Promise<unknown>;
type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

const functionFile = fileURLToPath(new URL('./functions/authorise.mjs', import.meta.url));
const lambdaFunctionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:authorise';
const lambdaCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function serve(listener: Listener): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => void listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Runs the function as Lambda's own API does, at any path. */
async function runFunction(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { handler } = (await import(functionFile)) as { handler: Handler };
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    response.end(JSON.stringify((await handler(JSON.parse(Buffer.concat(chunks).toString()))) ?? null));
  } catch (error) {
    const { name, message } = error as Error;
    response.setHeader('x-amz-function-error', 'Unhandled');
    response.end(JSON.stringify({ errorType: name, errorMessage: message }));
  }
}

function authorise(authorizer: LambdaTarget, settings: AuthoriserSettings = {}, ttlSeconds = 0) {
  const onFault = vi.fn<(error: Error, text: string) => void>();
  const config = { authorizer, authorizerResultTtlInSeconds: ttlSeconds, identityValidationExpression: null };
  const authoriser = createAuthoriser(config, 'boards', { lambdaCredentials, onFault, ...settings });
  open.push(() => authoriser.close());
  const verify = (credentials: Credentials): Promise<Identity> => authoriser.verifier.verify(credentials);
  return { verify, onFault, as: (token: string) => verify(asking(token)) };
}

const asking = (token: string): Credentials =>
  readCredentials({ authorization: token }, [], startRequest('/graphql', '{"query":"{ listBoards { id } }"}', 'r1'));

let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve((request, response) => runFunction(request, response));
});
afterAll(() => server.stop());

const places: [string, () => [LambdaTarget, AuthoriserSettings]][] = [
  ['in AWS', () => [{ lambdaFunctionArn }, { lambdaEndpoint: server.url }]],
  ['behind a URL', () => [{ url: `${server.url}/authorise`, headers: {} }, {}]],
  ['in a file', () => [{ handlerPath: functionFile, environmentVariables: {} }, {}]],
];

describe.each(places)('an authoriser %s', (_, place) => {
  it('should let somebody in, with what it knows of them', async () => {
    const identity = await authorise(...place()).as('jdoe');
    expect(identity).toMatchObject({
      mode: 'AWS_LAMBDA',
      context: { resolverContext: { userId: 'jdoe', asked: '{ listBoards { id } }' } },
    });
    expect(identity.allowsField?.('Task', 'title')).toBe(false);
    expect(identity.allowsField?.('Task', 'id')).toBe(true);
  });

  it('should be asked when a connection opens', async () => {
    const credentials = readCredentials({ authorization: 'jdoe' }, [], connectRequest('/graphql', 'r1'));
    expect(await authorise(...place()).verify(credentials)).toHaveProperty(
      'context.resolverContext.asked',
      'DeepDish:Connect',
    );
  });

  it.each(['stranger', 'failing', 'nothing'])('should refuse: %s', async (token) => {
    const { as, onFault } = authorise(...place());
    await expect(as(token)).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      message: 'You are not authorized to make this call.',
    });
    expect(onFault).toHaveBeenCalledTimes(token === 'stranger' ? 0 : 1);
    expect(onFault.mock.calls.join()).not.toContain(token);
  });

  it('should be a fault that clients retry when it does not answer, and answer others', async () => {
    const [target, settings] = place();
    const { as } = authorise(target, { ...settings, timeoutMs: 1_000 });
    await expect(as('slow')).rejects.toMatchObject({ code: 'INTERNAL_FAILURE', status: 500 });
    expect(await as('jdoe')).toHaveProperty('mode', 'AWS_LAMBDA');
  });
});

const remote: [string, (url: string) => [LambdaTarget, AuthoriserSettings]][] = [
  ['in AWS', (url) => [{ lambdaFunctionArn }, { lambdaEndpoint: url }]],
  ['behind a URL', (url) => [{ url, headers: {} }, {}]],
];

describe.each(remote)('a way to an authoriser %s that lies', (_, place) => {
  const status =
    (code: number, body = 'secret-of-jdoe'): Listener =>
    (_, response) =>
      response.writeHead(code, { location: '/elsewhere' }).end(body);

  it.each<[string, Listener]>([
    ['is throttled', status(429)],
    ['is down', status(500, '{"message":"secret-of-jdoe","isAuthorized":true}')],
    ['is unavailable', status(503)],
    ['refuses us', status(403)],
    ['points elsewhere', status(302)],
    ['ends the connection', (_, response) => response.socket?.destroy()],
    [
      'breaks off its answer',
      (_, response) =>
        response
          .writeHead(200, { 'content-length': 99 })
          .write('{"isAuthorized":true', () => response.socket?.destroy()),
    ],
    ['never ends its answer', (_, response) => response.writeHead(200).write('{"isAuthorized":true}')],
  ])('should be a fault that clients retry when it %s', async (_, listener) => {
    const liar = await serve(listener);
    open.push(() => liar.stop());
    const [target, settings] = place(liar.url);
    const { as, onFault } = authorise(target, { ...settings, timeoutMs: 500 }, 60);
    const failure: unknown = await as('secret-of-jdoe').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'INTERNAL_FAILURE',
      message: 'Credentials cannot be verified at the moment.',
    });
    expect(onFault).toHaveBeenCalledExactlyOnceWith(expect.any(Error), 'The Lambda authorizer did not answer.');
    expect(String(onFault.mock.calls[0]?.[0].stack)).not.toContain('secret');
    expect(String(((failure as Error).cause as Error).stack)).not.toContain('secret');
  });

  it('should be a fault that clients retry when nobody is there', async () => {
    await expect(authorise(...place('http://127.0.0.1:1')).as('jdoe')).rejects.toHaveProperty(
      'code',
      'INTERNAL_FAILURE',
    );
  });

  it.each<[string, Listener]>([
    ['answers a page', status(200, '<html>Welcome</html>')],
    [
      'answers more than a function may',
      status(200, `{"isAuthorized":true,"resolverContext":{"a":"${'a'.repeat(6_300_000)}"}}`),
    ],
  ])('should let nobody in when it %s', async (_, listener) => {
    const liar = await serve(listener);
    open.push(() => liar.stop());
    const { as, onFault } = authorise(...place(liar.url));
    await expect(as('jdoe')).rejects.toHaveProperty('code', 'UNAUTHORIZED');
    expect(onFault).toHaveBeenCalledTimes(1);
  });
});

describe('an authoriser that an API can not have', () => {
  it.each<[string, LambdaTarget]>([
    ['a name without a region', { lambdaFunctionArn: 'authorise' }],
    ['an address that is none', { url: 'ftp://127.0.0.1', headers: {} }],
    ['a file that is not there', { handlerPath: `${functionFile}.none`, environmentVariables: {} }],
  ])('should be refused at once: %s', (_, target) => {
    expect(() => authorise(target)).toThrow(RangeError);
  });
});
