import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { startTokenIssuer } from '#libs/testing';
import { apiKey, startApi } from './start-api.js';
import type { Api, ApiOptions } from './start-api.js';

let stop: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of stop.reverse()) await end();
  stop = [];
});

async function start(options?: ApiOptions): Promise<Api> {
  const api = await startApi(options);
  stop.push(() => api.stop());
  return api;
}

/** The tasks example, asked by a manager unless other groups are named. */
async function startTasks(options?: ApiOptions) {
  const issuer = await startTokenIssuer();
  stop.push(() => issuer.stop());
  const api = await start({ example: 'tasks', issuer, ...options });
  const askAs = async (groups: readonly string[], query: string) => {
    const authorization = await issuer.idToken({ username: 'janed', groups });
    return api.ask(query, { headers: { authorization } });
  };
  return { api, askAs, ask: (query: string) => askAs(['ManagerGroup'], query) };
}

const create = (title: string, selection = 'id') =>
  `createTask(title: "${title}", boardId: "board-1") { ${selection} }`;

/** A log whose appends wait until they are let through, for ever if need be. */
function heldLog() {
  const events = new EventEmitter();
  return {
    appendTo: (log) => ({
      append: async (batch) => {
        events.emit('append');
        await once(events, 'release');
        return log.append(batch);
      },
    }),
    nextAppend: () => once(events, 'append'),
    release: () => events.emit('release'),
  } satisfies Pick<ApiOptions, 'appendTo'> & { nextAppend(): Promise<unknown>; release(): void };
}

describe('a mutation that subscriptions name', () => {
  it('should be answered after the log has its event', async () => {
    const log = heldLog();
    const api = await start({ appendTo: log.appendTo, publisher: { ackTimeoutMs: 60_000 } });
    let isAnswered = false;
    const appended = log.nextAppend();
    const answered = api.ask(`mutation { ${create('Fix the roof')} }`).then((answer) => {
      isAnswered = true;
      return answer;
    });
    await appended;
    // Enough turns for an answer that does not wait to arrive: a whole other request, with a read of the table.
    const { body } = await api.ask('{ getTasks { title } }');
    expect(body).toEqual({ data: { getTasks: [{ title: 'Fix the roof' }] } });
    expect(isAnswered).toBe(false);
    log.release();
    const answer = await answered;
    expect(answer.body).not.toHaveProperty('extensions');
    expect(await api.entries()).toEqual([
      {
        kind: 'event',
        mutation: 'createTask',
        payload: (answer.body as { data: { createTask: object } }).data.createTask,
      },
    ]);
  });

  it('should publish what it selected, under field names', async () => {
    const api = await start();
    const { body } = await api.ask(
      'mutation M($b: String!) { made: createTask(title: "Fix the roof", boardId: $b, status: "open") { nr: id ...Head } } fragment Head on Task { head: title boardId description }',
      { variables: { b: 'board-1' } },
    );
    const { nr } = (body as { data: { made: { nr: string } } }).data.made;
    expect(await api.entries()).toEqual([
      {
        kind: 'event',
        mutation: 'createTask',
        payload: { id: nr, title: 'Fix the roof', boardId: 'board-1', description: null },
      },
    ]);
  });

  it('should publish each field of a request, in order', async () => {
    const api = await start();
    await api.ask(`mutation { c: ${create('1', 'title')} a: ${create('2', 'title')} b: ${create('3', 'title')} }`);
    expect((await api.entries()).map(({ payload }) => payload)).toEqual([
      { title: '1' },
      { title: '2' },
      { title: '3' },
    ]);
  });

  it.each<[string, string]>([
    ['a query', '{ getTasks { id } }'],
    ['a mutation that is not valid', 'mutation { createTask(title: "a") { id } }'],
    ['a mutation whose variable is missing', `mutation ($t: String!) { createTask(title: $t, boardId: "b") { id } }`],
    [
      'a document that does not say which operation is meant',
      `query Q { getTasks { id } } mutation M { ${create('a')} }`,
    ],
  ])('should publish nothing for %s', async (_what, query) => {
    const api = await start();
    await api.ask(query);
    expect(await api.entries()).toEqual([]);
  });

  it('should publish nothing when it is denied', async () => {
    const { api, askAs } = await startTasks();
    const { status, body } = await askAs(['EmployeeGroup'], 'mutation { createTask(title: "a") { id } }');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { createTask: null },
      errors: [
        {
          path: ['createTask'],
          data: null,
          errorType: 'Unauthorized',
          errorInfo: null,
          locations: [{ line: 1, column: 12, sourceName: null }],
          message: 'Not Authorized to access createTask on type Mutation',
        },
      ],
    });
    expect(await api.entries()).toEqual([]);
  });

  it('should publish nothing when its data source refuses', async () => {
    const { api, ask } = await startTasks();
    const { body } = await ask('mutation { updateTaskStatus(id: "none", taskStatus: "done") { id } }');
    expect(body).toMatchObject({
      data: { updateTaskStatus: null },
      errors: [{ errorType: 'DynamoDB:ConditionalCheckFailedException' }],
    });
    expect(await api.entries()).toEqual([]);
  });
});

describe('a mutation that invalidates', () => {
  it('should put the invalidation into the log, in its place between events', async () => {
    const { api, ask } = await startTasks();
    const { body } = await ask(`mutation {
      a: createTask(title: "before") { title }
      unsubscribe(email: "jdoe@myemail.com") { email }
      b: createTask(title: "after") { title }
    }`);
    expect(body).toEqual({
      data: { a: { title: 'before' }, unsubscribe: { email: 'jdoe@myemail.com' }, b: { title: 'after' } },
    });
    expect(await api.entries()).toEqual([
      { kind: 'event', mutation: 'createTask', payload: { title: 'before' } },
      {
        kind: 'invalidation',
        subscriptionField: 'onHightPriorityEngineeringTaskCreated',
        payload: { email: 'jdoe@myemail.com' },
        requestId: expect.stringMatching(/./) as string,
      },
      { kind: 'event', mutation: 'createTask', payload: { title: 'after' } },
    ]);
  });

  it('should invalidate nothing when it is denied', async () => {
    const { api, askAs } = await startTasks();
    await askAs(['EmployeeGroup'], 'mutation { unsubscribe(email: "jdoe@myemail.com") { email } }');
    expect(await api.entries()).toEqual([]);
  });

  it('should invalidate although an event beside it is too large, and say that something failed', async () => {
    const { api, ask } = await startTasks({ publisher: { maxEntryBytes: 200 } });
    const { body } = await ask(`mutation {
      small: createTask(title: "small") { title }
      large: createTask(title: "${'a'.repeat(300)}") { title }
      unsubscribe(email: "jdoe@myemail.com") { email }
    }`);
    expect(body).toMatchObject({
      data: { small: { title: 'small' } },
      extensions: { starling: { publish: 'failed' } },
    });
    expect((await api.entries()).map(({ payload }) => payload)).toEqual([
      { title: 'small' },
      { email: 'jdoe@myemail.com' },
    ]);
    expect(api.records.filter((line) => line.includes('Events of a mutation were not published'))).toHaveLength(1);
  });
});

describe('while the log is away', () => {
  it('should say that publishing is deferred, and append in order when the log is back', async () => {
    const log = heldLog();
    const api = await start({ appendTo: log.appendTo, publisher: { ackTimeoutMs: 20 } });
    for (const title of ['1', '2']) {
      const { status, body } = await api.ask(`mutation { ${create(title, 'title')} }`);
      expect(status).toBe(200);
      expect(body).toEqual({
        data: { createTask: { title } },
        extensions: { starling: { publish: 'deferred' } },
      });
    }
    expect(await api.entries()).toEqual([]);
    const second = log.nextAppend();
    log.release();
    await second;
    log.release();
    await expect
      .poll(async () => (await api.entries()).map(({ payload }) => payload))
      .toEqual([{ title: '1' }, { title: '2' }]);
  });

  it('should refuse mutations before they touch the data source when the queue is full, and go on with queries', async () => {
    const log = heldLog();
    const api = await start({ appendTo: log.appendTo, publisher: { ackTimeoutMs: 20, maxQueuedEntries: 1 } });
    await api.ask(`mutation { ${create('1')} }`);
    const { status, body } = await api.ask(`mutation { ${create('2')} }`);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: null,
      errors: [
        {
          path: null,
          data: null,
          errorType: 'PublishQueueFull',
          errorInfo: null,
          locations: null,
          message: 'The event log can take no more events; nothing was changed. Try again later.',
        },
      ],
    });
    expect((await api.ask('{ getTasks { title } }')).body).toEqual({ data: { getTasks: [{ title: '1' }] } });
  });

  it('should refuse a mutation that is not valid for what is wrong with it', async () => {
    const log = heldLog();
    const api = await start({ appendTo: log.appendTo, publisher: { ackTimeoutMs: 20, maxQueuedEntries: 1 } });
    await api.ask(`mutation { ${create('1')} }`, { headers: { 'x-api-key': apiKey } });
    const { body } = await api.ask('mutation { createTask { id } }');
    expect(JSON.stringify(body)).toContain('MissingFieldArgument');
    expect(JSON.stringify(body)).not.toContain('PublishQueueFull');
  });
});
