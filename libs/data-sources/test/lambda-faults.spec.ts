import { FieldError } from '#libs/protocol';
import { afterEach, describe, expect, it } from 'vitest';

import { createAwsLambdaInvoker, createLambdaDataSource, createUrlLambdaInvoker } from '#libs/data-sources';
import type { LambdaInvoker } from '#libs/data-sources';
import { startHttpServer } from './start-http-server.js';
import type { Listener, TestHttpServer } from './start-http-server.js';
import { refusalOf } from './start-task-table.js';

const call = { resolver: 'Query.allTasks' };
const invokeDocument = { operation: 'Invoke', payload: { boardId: 'b1' } };
const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:createTask:live';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of open.splice(0).reverse()) await stop();
});

async function serve(listener: Listener): Promise<TestHttpServer> {
  const server = await startHttpServer(listener);
  open.push(() => server.stop());
  return server;
}

function execute(invoker: LambdaInvoker): Promise<unknown> {
  const source = createLambdaDataSource({ invoker });
  open.push(() => source.close());
  return refusalOf(source.execute(invokeDocument, call));
}

const invokers: [string, (url: string, timeoutMs?: number) => LambdaInvoker][] = [
  ['AWS', (url, timeoutMs) => createAwsLambdaInvoker({ functionName: arn, endpoint: url, credentials, timeoutMs })],
  ['a URL', (url, timeoutMs) => createUrlLambdaInvoker({ url, timeoutMs })],
];

describe.each(invokers)('a fault on the way to %s', (_, create) => {
  const unreachable = { errorType: 'Lambda:SdkClientException', message: 'The function could not be invoked.' };

  it.each<[string, Listener, object]>([
    ['no answer', () => undefined, { errorType: 'Lambda:ExecutionTimeoutException', message: 'Execution timed out.' }],
    [
      'an answer that never ends',
      (response) => response.writeHead(200, { 'content-length': 10 }).write('"half'),
      { errorType: 'Lambda:ExecutionTimeoutException', message: 'Execution timed out.' },
    ],
    ['a connection that is cut', (response) => response.socket?.destroy(), unreachable],
    [
      'half an answer',
      (response) => {
        response.writeHead(200, { 'content-length': 10 }).write('"half', () => response.socket?.destroy());
      },
      unreachable,
    ],
    [
      'wrong JSON',
      (response) => response.end('{"id":'),
      { errorType: 'Lambda:IllegalArgument', message: 'The function answered no JSON.' },
    ],
  ])('should be told, and nothing tried again: %s', async (_, listener, expected) => {
    const server = await serve(listener);
    const error = await execute(create(server.url, 500));
    expect(error).toBeInstanceOf(FieldError);
    expect(error).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  it('should be told without the address when nobody listens', async () => {
    expect(await execute(create('http://127.0.0.1:1'))).toMatchObject(unreachable);
  });

  it('should not read an answer without end', async () => {
    let written = 0;
    const server = await serve((response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'a'))) written += 65_536;
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    expect(await execute(create(server.url))).toMatchObject({
      errorType: 'Lambda:Unhandled',
      message: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
    expect(written).toBeLessThan(100_000_000);
  });
});

describe('a refusal of Lambda', () => {
  it.each([
    [429, 'TooManyRequestsException', 'Rate Exceeded.', 'Lambda:IllegalArgument', 'Rate Exceeded.'],
    [413, 'RequestTooLargeException', 'too large', 'Lambda:IllegalArgument', 'too large'],
    [404, 'ResourceNotFoundException', `Function not found: ${arn}`, 'Lambda:IllegalArgument', 'The request failed'],
    [403, 'AccessDeniedException', `User ${arn} may not`, 'Lambda:IllegalArgument', 'The request failed'],
    [500, 'ServiceException', 'host-7', 'Lambda:ServiceException', 'The request failed'],
    [502, 'EC2AccessDeniedException', 'role/api', 'Lambda:ServiceException', 'The request failed'],
  ])('should be told without what only the log may know: %i %s', async (status, code, message, errorType, text) => {
    const server = await serve((response) => {
      response.writeHead(status, { 'x-amzn-errortype': code, 'x-amzn-requestid': 'r1' });
      response.end(JSON.stringify({ message, Message: message }));
    });
    const error = await execute(createAwsLambdaInvoker({ functionName: arn, endpoint: server.url, credentials }));
    expect(error).toMatchObject({
      errorType,
      message: `${text} (Service: AWSLambda; Status Code: ${status}; Error Code: ${code}; Request ID: r1)`,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('should be told without its reason when there are no credentials', async () => {
    const noCredentials = () => Promise.reject(new Error('no profile in /home/api/.aws'));
    const invoker = createAwsLambdaInvoker({
      functionName: arn,
      endpoint: 'http://127.0.0.1:1',
      credentials: noCredentials,
    });
    expect(await execute(invoker)).toMatchObject({
      errorType: 'Lambda:SdkClientException',
      message: 'The function could not be invoked.',
      cause: { message: 'no profile in /home/api/.aws' },
    });
  });
});

describe('a function in AWS', () => {
  it('should be invoked by its ARN, in the region of that', async () => {
    const server = await serve((response) => response.end('"done"'));
    await createLambdaDataSource({
      invoker: createAwsLambdaInvoker({ functionName: arn, endpoint: server.url, credentials }),
    }).execute(invokeDocument, call);
    expect(decodeURIComponent(server.requests[0]!.url)).toBe(`/2015-03-31/functions/${arn}/invocations`);
    expect(server.requests[0]).toMatchObject({ method: 'POST', body: '{"boardId":"b1"}' });
    expect(server.requests[0]?.headers['authorization']).toContain('/eu-central-1/lambda/aws4_request');
  });

  it('should need a region where its name has none', () => {
    expect(() => createAwsLambdaInvoker({ functionName: 'createTask' })).toThrow(
      new RangeError('The function "createTask" needs a region: its name is no ARN, which would have one.'),
    );
  });
});

describe('a function behind a URL', () => {
  it('should get the event, the type of the invocation and the headers of the definition', async () => {
    const server = await serve((response) => response.end('"done"'));
    const invoker = createUrlLambdaInvoker({ url: `${server.url}/tasks?v=2`, headers: { authorization: 'shared' } });
    await createLambdaDataSource({ invoker }).execute(invokeDocument, call);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/tasks?v=2',
      body: '{"boardId":"b1"}',
      headers: {
        authorization: 'shared',
        'content-type': 'application/json',
        'x-amz-invocation-type': 'RequestResponse',
      },
    });
  });

  it.each([
    [301, 'Lambda:SdkClientException', 'The function could not be invoked.'],
    [404, 'Lambda:SdkClientException', 'The function could not be invoked.'],
    [429, 'Lambda:IllegalArgument', 'Rate Exceeded.'],
    [500, 'Lambda:SdkClientException', 'The function could not be invoked.'],
  ])('should have failed with status %i', async (status, errorType, message) => {
    const elsewhere = await serve((response) => response.end('"elsewhere"'));
    const server = await serve((response) => response.writeHead(status, { location: elsewhere.url }).end('host-7'));
    expect(await execute(createUrlLambdaInvoker({ url: server.url }))).toMatchObject({ errorType, message });
    expect(elsewhere.connections()).toBe(0);
  });

  it.each(['functions/x.mjs', 'ftp://example.com', 'https://user:secret@example.com'])(
    'should be refused at once at %s',
    (url) => {
      expect(() => createUrlLambdaInvoker({ url })).toThrow(
        new RangeError('The address of a function must be an http:// or https:// URL without user name and password.'),
      );
    },
  );
});
