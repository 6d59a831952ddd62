import { FieldError } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { afterEach, describe, expect, it } from 'vitest';

import { createEventBridgeDataSource } from '#libs/data-sources';
import { describeDataSource } from './data-source.contract.js';
import { startHttpServer } from './start-http-server.js';
import type { Listener } from './start-http-server.js';
import { credentials, refusalOf } from './start-task-table.js';

const call = { resolver: 'Mutation.createTask' };
const eventBusArn = 'arn:aws:events:eu-central-1:123456789012:event-bus/boards';
const event = { source: 'boards', detailType: 'TaskCreated', detail: { id: 't1', tags: ['a', null] } };
const document = { version: '2018-05-29', operation: 'PutEvents', events: [event] };
const taken = { Entries: [{ EventId: 'e1' }], FailedEntryCount: 0 };

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.stop();
});

async function startEventBridge(listener: Listener, requestTimeoutMs?: number) {
  const server = await startHttpServer(listener);
  const client = { region: 'eu-central-1', endpoint: server.url, credentials, requestTimeoutMs };
  const source = createEventBridgeDataSource({ eventBusArn, client });
  open.push({ stop: () => source.close() }, server);
  return { server, source };
}

function answer(status: number, body: unknown): Listener {
  return (response) =>
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'r1' })
      .end(JSON.stringify(body));
}

describeDataSource('AMAZON_EVENTBRIDGE', async () => {
  const { server, source } = await startEventBridge(answer(200, taken));
  open.length = 0;
  return {
    source,
    document,
    result: taken,
    refused: { operation: 'PutEvents' },
    async stop() {
      await source.close();
      await server.stop();
    },
  };
});

describe('an event bus', () => {
  it('should be in the region of its ARN', async () => {
    const server = await startHttpServer(answer(200, taken));
    const source = createEventBridgeDataSource({ eventBusArn, client: { endpoint: server.url, credentials } });
    open.push({ stop: () => source.close() }, server);
    await source.execute(document, call);
    expect(server.requests[0]?.headers.authorization).toContain('/eu-central-1/events/aws4_request');
  });

  it('should be refused at once when it has no region', () => {
    expect(() => createEventBridgeDataSource({ eventBusArn: 'boards' })).toThrow(
      new RangeError(
        'The event bus "boards" needs a region: an ARN like arn:aws:events:<region>:<account>:event-bus/<name>.',
      ),
    );
  });
});

describe('PutEvents', () => {
  it('should send the events to the bus of the data source', async () => {
    const { server, source } = await startEventBridge(answer(200, taken));
    const full = { ...event, resources: ['board/b1', 'task/t1'], time: '2026-02-06T19:01:35+01:00' };
    await source.execute({ operation: 'PutEvents', events: [event, full] }, call);
    const [request] = server.requests;
    expect(request?.headers['x-amz-target']).toBe('AWSEvents.PutEvents');
    const entry = {
      EventBusName: eventBusArn,
      Source: 'boards',
      DetailType: 'TaskCreated',
      Detail: '{"id":"t1","tags":["a",null]}',
    };
    expect(JSON.parse(request!.body)).toEqual({
      Entries: [
        { ...entry, Resources: [] },
        { ...entry, Resources: ['board/b1', 'task/t1'], Time: Date.UTC(2026, 1, 6, 18, 1, 35) / 1000 },
      ],
    });
  });

  it('should answer what was taken and what was not: that is no error', async () => {
    const mixed = {
      Entries: [{ EventId: 'e1' }, { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }],
      FailedEntryCount: 1,
    };
    const { source } = await startEventBridge(answer(200, mixed));
    expect(await source.execute(document, call)).toEqual(mixed);
  });

  it('should be sent again when the service fails', async () => {
    let attempts = 0;
    const { source } = await startEventBridge((response, request) => {
      attempts += 1;
      return attempts < 3
        ? answer(500, { __type: 'InternalException' })(response, request)
        : answer(200, taken)(response, request);
    });
    expect(await source.execute(document, call)).toEqual(taken);
    expect(attempts).toBe(3);
  });
});

describe('a faulty document', () => {
  it.each<[JsonObject, string]>([
    [{}, "Value for field '$[operation]' not found."],
    [
      { operation: 'putEvents' },
      'Expected one of PutEvents for field \'$[operation]\', but got the string "putEvents".',
    ],
    [{ operation: 'PutEvents' }, "Value for field '$[events]' not found."],
    [{ operation: 'PutEvents', events: [] }, "Expected a list of 1 to 10 elements for field '$[events]', but got 0."],
    [
      { operation: 'PutEvents', events: Array<JsonObject>(11).fill(event) },
      "Expected a list of 1 to 10 elements for field '$[events]', but got 11.",
    ],
    [
      { operation: 'PutEvents', events: ['a'] },
      'Expected an object for field \'$[events][0]\', but got the string "a".',
    ],
    [
      { operation: 'PutEvents', events: [{ ...event, source: null }] },
      "Value for field '$[events][0][source]' not found.",
    ],
    [
      { operation: 'PutEvents', events: [event, { ...event, 'detail-type': 'a' }] },
      "Unsupported element '$[events][1][detail-type]'.",
    ],
    [
      { operation: 'PutEvents', events: [{ ...event, detail: '{}' }] },
      'Expected an object for field \'$[events][0][detail]\', but got the string "{}".',
    ],
    [
      { operation: 'PutEvents', events: [{ ...event, time: '2026-02-06' }] },
      'Expected an RFC 3339 time for field \'$[events][0][time]\', but got the string "2026-02-06".',
    ],
    [
      { operation: 'PutEvents', events: [{ ...event, time: '2026-13-06T00:00:00Z' }] },
      'Expected an RFC 3339 time for field \'$[events][0][time]\', but got the string "2026-13-06T00:00:00Z".',
    ],
  ])('should be refused before anything is sent: %j', async (faulty, message) => {
    const { server, source } = await startEventBridge(answer(200, taken));
    expect(await refusalOf(source.execute(faulty, call))).toMatchObject({ errorType: 'MappingTemplate', message });
    expect(server.requests).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each([
    ['ValidationException', 400, 'Total size of the entries is too large.', 'Total size of the entries is too large.'],
    ['AccessDeniedException', 400, 'User arn:aws:iam::123456789012:role/api', 'The request failed'],
    ['ResourceNotFoundException', 400, `Event bus ${eventBusArn} does not exist.`, 'The request failed'],
    ['InternalException', 500, 'host-7', 'The request failed'],
  ])(
    'should be told by its name, and by its text if that is about the events: %s',
    async (name, status, message, text) => {
      const { source } = await startEventBridge(answer(status, { __type: name, message }));
      expect(await refusalOf(source.execute(document, call))).toMatchObject({
        errorType: `EventBridge:${name}`,
        message: `${text} (Service: EventBridge; Status Code: ${status}; Error Code: ${name}; Request ID: r1)`,
        cause: { message },
      });
    },
  );

  it.each<[string, Listener, string]>([
    ['no answer', () => undefined, 'The request to EventBridge timed out.'],
    [
      'a page',
      (response) => response.end('<html>proxy-7</html>'),
      'The request to EventBridge could not be carried out.',
    ],
    [
      'half an answer',
      (response) => response.writeHead(200, { 'content-length': '99' }).end('{"Ent', () => response.socket?.end()),
      'The request to EventBridge could not be carried out.',
    ],
  ])('should be told without hosts when there is %s', async (_, listener, message) => {
    const { source } = await startEventBridge(listener, 100);
    expect(await refusalOf(source.execute(document, call))).toMatchObject({
      errorType: 'EventBridge:SdkClientException',
      message,
    });
  });

  it('should be the reason of the signal when that ends the request', async () => {
    const reason = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const controller = new AbortController();
    const { source } = await startEventBridge(() => controller.abort(reason));
    await expect(source.execute(document, { ...call, signal: controller.signal })).rejects.toBe(reason);
  });
});
