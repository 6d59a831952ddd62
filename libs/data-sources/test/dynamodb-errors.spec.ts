import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { FieldError } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { createDynamoDbDataSource } from '#libs/data-sources';
import type { DataSource, DynamoDBClientLike } from '#libs/data-sources';
import { credentials, nextTokenSecret, refusalOf, startTaskTable } from './start-task-table.js';
import type { TaskTable } from './start-task-table.js';

const call = { resolver: 'Query.allTasks' };

describe('a refusal of DynamoDB', () => {
  let table: TaskTable;
  beforeAll(async () => {
    table = await startTaskTable();
  });
  afterAll(() => table.stop());

  const validation = (text: string) =>
    new RegExp(
      `^${text} \\(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: \\w+\\)$`,
    );

  it.each<[string, JsonObject, RegExp]>([
    [
      'a key of other attributes',
      { operation: 'GetItem', key: { title: { S: 'a' } } },
      validation('The provided key element does not match the schema'),
    ],
    [
      'a number that is none',
      { operation: 'PutItem', key: { id: { S: 't1' } }, attributeValues: { rank: { N: 'abc' } } },
      validation('The parameter cannot be converted to a numeric value: abc'),
    ],
    [
      'an unknown index',
      { operation: 'Scan', index: 'byOwner' },
      validation('The table does not have the specified index: byOwner'),
    ],
    [
      'an empty expression',
      { operation: 'Scan', filter: { expression: '' } },
      validation('Invalid FilterExpression: The expression can not be empty;'),
    ],
    [
      'an unused placeholder',
      { operation: 'Scan', filter: { expression: 'attribute_exists(id)', expressionNames: { '#a': 'a' } } },
      validation('Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}'),
    ],
  ])("should be told in DynamoDB's words: %s", async (_, document, message) => {
    const error = await refusalOf(table.run(document));
    expect(error).toBeInstanceOf(FieldError);
    expect(error).toMatchObject({
      errorType: 'DynamoDB:DynamoDbException',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each(['GetItem', 'Scan', 'PutItem'])('should name a missing table: %s', async (operation) => {
    const source = createDynamoDbDataSource({ tableName: 'Missing', client: table.connection, nextTokenSecret });
    const document: JsonObject = operation === 'Scan' ? { operation } : { operation, key: { id: { S: 't1' } } };
    expect(await refusalOf(source.execute(document, call))).toMatchObject({
      errorType: 'DynamoDB:ResourceNotFoundException',
      message: expect.stringContaining('Error Code: ResourceNotFoundException') as string,
    });
    await source.close();
  });
});

describe('a fault on the way', () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const item of open.splice(0)) await item.close();
  });

  function connectTo(endpoint: string, requestTimeoutMs?: number): DataSource {
    const client = { region: 'local', endpoint, credentials, requestTimeoutMs };
    const source = createDynamoDbDataSource({ tableName: 'Tasks', client, nextTokenSecret });
    open.push(source);
    return source;
  }

  async function serve(listener: RequestListener): Promise<string> {
    const server: Server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({
      close() {
        server.close();
        server.closeAllConnections();
      },
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function answer(status: number, body: string): RequestListener {
    return (request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
    };
  }

  const unreachable = 'The request to DynamoDB could not be carried out.';
  const sdkFault = 'DynamoDB:SdkClientException';

  it('should be told without the address when nobody listens', async () => {
    const error = await refusalOf(connectTo('http://127.0.0.1:1').execute({ operation: 'Scan' }, call));
    expect(error).toMatchObject({ errorType: sdkFault, message: unreachable, cause: { code: 'ECONNREFUSED' } });
  });

  it.each([200, 502])('should be told when a proxy answers a page with status %i', async (status) => {
    const source = connectTo(await serve(answer(status, '<html>proxy-7.internal</html>')));
    expect(await refusalOf(source.execute({ operation: 'Scan' }, call))).toMatchObject({
      errorType: sdkFault,
      message: unreachable,
    });
  });

  it('should be told when there is no answer in time', async () => {
    const source = connectTo(await serve(() => undefined), 50);
    expect(await refusalOf(source.execute({ operation: 'Scan' }, call))).toMatchObject({
      errorType: sdkFault,
      message: 'The request to DynamoDB timed out.',
    });
  });

  it.each([
    ['refused credentials', 400, 'AccessDeniedException', 'DynamoDB:DynamoDbException'],
    ['a wrong signature', 400, 'InvalidSignatureException', 'DynamoDB:DynamoDbException'],
    ['a fault of the service', 500, 'InternalServerError', 'DynamoDB:InternalServerError'],
  ])('should be told without what only the log may know: %s', async (_, status, code, errorType) => {
    const message = 'User arn:aws:sts::123456789012:assumed-role/api on host-7';
    const source = connectTo(await serve(answer(status, JSON.stringify({ __type: `aws#${code}`, message }))));
    expect(await refusalOf(source.execute({ operation: 'Scan' }, call))).toMatchObject({
      errorType,
      message: `The request failed (Service: AmazonDynamoDBv2; Status Code: ${status}; Error Code: ${code}; Request ID: unknown)`,
      cause: { message },
    });
  });

  it('should be told without its reason when there are no credentials', async () => {
    const client = {
      region: 'local',
      endpoint: 'http://127.0.0.1:1',
      credentials: () => Promise.reject(new Error('no profile in /home/api/.aws')),
    };
    const source = createDynamoDbDataSource({ tableName: 'Tasks', client, nextTokenSecret });
    open.push(source);
    expect(await refusalOf(source.execute({ operation: 'Scan' }, call))).toMatchObject({
      errorType: sdkFault,
      message: unreachable,
      cause: { message: 'no profile in /home/api/.aws' },
    });
  });

  it('should end a request that is under way when its signal fires', async () => {
    const controller = new AbortController();
    const timedOut = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const source = connectTo(await serve(() => controller.abort(timedOut)));
    await expect(source.execute({ operation: 'Scan' }, { ...call, signal: controller.signal })).rejects.toBe(timedOut);
  });

  it('should leave a bug a bug', async () => {
    const bug = new TypeError('undefined is not a function');
    const client = { send: () => Promise.reject(bug) } as unknown as DynamoDBClientLike;
    const source = createDynamoDbDataSource({ tableName: 'Tasks', client, nextTokenSecret });
    await expect(source.execute({ operation: 'Scan' }, call)).rejects.toBe(bug);
  });
});

describe('close', () => {
  it('should leave a shared client open', async () => {
    let destroyed = 0;
    const client = { send() {}, destroy: () => (destroyed += 1) } as unknown as DynamoDBClientLike;
    await createDynamoDbDataSource({ tableName: 'Tasks', client, nextTokenSecret }).close();
    expect(destroyed).toBe(0);
  });

  it('should end the connections of a client of its own', async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.end('{"Items":[],"Count":0,"ScannedCount":0}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = { region: 'local', endpoint, credentials };
    const source = createDynamoDbDataSource({ tableName: 'Tasks', client, nextTokenSecret });
    await source.execute({ operation: 'Scan' }, call);
    const [socket] = await connected;
    const ended = once(socket, 'close');
    await source.close();
    await ended;
    server.close();
  });
});
