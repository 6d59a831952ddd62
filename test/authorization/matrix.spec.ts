import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask } from './ask.js';
import type { Caller } from './caller.js';
import { deniedInDelivery, deniedInAnswer } from './denials.js';
import { modeNames, modes } from './modes.js';
import type { Mode, ModeName } from './modes.js';
import { protocols } from './realtime.js';
import type { Line } from './realtime.js';
import { groupSelections, selections } from './selections.js';
import { startEveryMode } from './start-every-mode.js';
import type { EveryMode } from './start-every-mode.js';

let every: EveryMode;
beforeAll(async () => {
  every = await startEveryMode(inject('redisUrl'));
});
afterAll(() => every.stop());

const operations = [
  { kind: 'query', verb: 'get', type: 'Query' },
  { kind: 'mutation', verb: 'create', type: 'Mutation' },
] as const;
const memberModes = ['AMAZON_COGNITO_USER_POOLS', 'AWS_IAM', 'AWS_LAMBDA'] as const;

describe.each(modes)('$mode', ({ mode, name }) => {
  describe.each(operations)('on a $kind', ({ kind, verb, type }) => {
    it.each(selections)('should be as the reference says: a field that is $verdict', async (selection) => {
      const id = randomUUID();
      const document = `${kind} { ${verb}Task(id: "${id}") { ${selection.text} } }`;
      const denied = selection.denied(name);
      expect(await ask(every.graphqlUrl, every.guests[mode], document)).toEqual({
        status: 200,
        errorType: null,
        body: {
          data: { [`${verb}Task`]: selection.task(id, [name]) },
          ...(denied && { errors: [deniedInAnswer(document, [`${verb}Task`, ...denied.path], denied.type)] }),
        },
      });
    });

    it('should be denied the root field that is not for it, and no other', async () => {
      const field = (of: ModeName): string => `${verb}TaskNotFor${of}`;
      const document = `${kind} { ${modeNames.map((of) => `${field(of)}(id: "1") { id }`).join(' ')} }`;
      const { body } = await ask(every.graphqlUrl, every.guests[mode], document);
      expect(body).toEqual({
        data: Object.fromEntries(modeNames.map((of) => [field(of), of === name ? null : { id: '1' }])),
        errors: [deniedInAnswer(document, [field(name)], type)],
      });
    });

    it('should be denied a root field of others by group', async () => {
      const field = `${verb}RestrictedTask`;
      const document = `${kind} { ${field}(id: "1") { id } }`;
      const { body } = await ask(every.graphqlUrl, every.guests[mode], document);
      expect(body).toEqual({ data: { [field]: null }, errors: [deniedInAnswer(document, [field], type)] });
    });
  });

  describe.each(protocols)('over $name', (protocol) => {
    it.each([
      { verdict: 'by type', field: 'onCreateTaskByType' },
      { verdict: 'by field', field: `onCreateTaskNotFor${name}` },
      { verdict: 'by group', field: 'onCreateRestrictedTask' },
    ])('should not start a subscription that is denied $verdict, and go on', async ({ field }) => {
      const isByTypeForKeys = field === 'onCreateTaskByType' && mode === 'API_KEY';
      const url = isByTypeForKeys ? every.realtimeUrlShutToKeys : every.realtimeUrl;
      const line = await protocol.connect(url, every.guests[mode]);
      const nothing = async (): Promise<void> => undefined;
      const document = `subscription { ${field} { id } }`;
      expect(await line.start('1', document, nothing)).toEqual({
        errors: [deniedInAnswer(document, [field], 'Subscription')],
        ...(protocol.tellsData && { data: { [field]: null } }),
      });
      const live = await start(line, '2', 'onCreateTask', 'id', mode);
      expect(await line.delivery('2')).toEqual({ data: { onCreateTask: { id: live.id } } });
      await line.close();
    });

    it.each(selections)('should be delivered what it may read: a field that is $verdict', async (selection) => {
      const line = await protocol.connect(every.realtimeUrl, every.guests[mode]);
      const { id, publisher } = await start(line, '1', 'onCreateTask', selection.text, mode);
      const denied = selection.denied(name);
      expect(await line.delivery('1')).toEqual({
        // What the publisher may not read is in no event: null, and no error of the subscriber's.
        data: { onCreateTask: selection.task(id, [name, publisher]) },
        ...(denied && { errors: [deniedInDelivery(['onCreateTask', ...denied.path], denied.type)] }),
      });
      await line.close();
    });
  });
});

describe.each(memberModes)('a member by %s', (mode) => {
  it.each(operations)('should read by a $kind what guests may not', async ({ kind, verb }) => {
    for (const selection of groupSelections) {
      const id = randomUUID();
      const fields = `${verb}Task(id: "${id}") { ${selection.text} } ${verb}RestrictedTask(id: "${id}") { ${selection.text} }`;
      const { body } = await ask(every.graphqlUrl, every.members[mode], `${kind} { ${fields} }`);
      expect(body).toEqual({
        data: { [`${verb}Task`]: selection.task(id, []), [`${verb}RestrictedTask`]: selection.task(id, []) },
      });
    }
  });

  it.each(protocols)('should be delivered over $name what guests are not', async (protocol) => {
    const line = await protocol.connect(every.realtimeUrl, every.members[mode]);
    for (const field of ['onCreateTask', 'onCreateRestrictedTask']) {
      for (const selection of groupSelections) {
        const subscription = `${field} ${selection.text}`;
        const { id } = await start(line, subscription, field, selection.text, mode);
        expect(await line.delivery(subscription)).toEqual({ data: { [field]: selection.task(id, []) } });
      }
    }
    await line.close();
  });
});

it('should publish nothing of a mutation that is denied', async () => {
  const [protocol] = protocols;
  const line = await protocol!.connect(every.realtimeUrl, every.guests.API_KEY);
  const { id } = await start(line, '1', 'onCreateTask', 'id title', 'API_KEY');
  await line.delivery('1');
  const mutate = (name: string, caller: Caller, selection: string): Promise<unknown> =>
    ask(every.graphqlUrl, caller, `mutation { ${name}(id: "${id}") { ${selection} } }`);

  await mutate('createTaskNotForApiKey', every.guests.API_KEY, 'id title');
  // Behind it one that publishes a task without a title: what the first publishes would have come before.
  await mutate('createTask', every.guests.API_KEY, 'id');
  expect(await line.delivery('1')).toEqual({ data: { onCreateTask: { id, title: null } } });
  // And the first by somebody who may, so that the line above could have failed.
  await mutate('createTaskNotForApiKey', every.guests.AWS_LAMBDA, 'id title');
  expect(await line.delivery('1')).toEqual({ data: { onCreateTask: { id, title: 'title' } } });
  await line.close();
});

/** Starts a subscription to tasks of an id of its own, and has a member of another mode publish one. */
async function start(line: Line, subscription: string, field: string, text: string, mode: Mode): Promise<Started> {
  const id = randomUUID();
  const publisherMode = mode === 'AMAZON_COGNITO_USER_POOLS' ? 'AWS_IAM' : 'AMAZON_COGNITO_USER_POOLS';
  const mutation = `mutation { createTask(id: "${id}") { ${text} } }`;
  const probe = (): Promise<unknown> => ask(every.graphqlUrl, every.members[publisherMode], mutation);
  expect(await line.start(subscription, `subscription { ${field}(id: "${id}") { ${text} } }`, probe)).toBe('live');
  return { id, publisher: publisherMode === 'AWS_IAM' ? 'Iam' : 'UserPools' };
}

interface Started {
  readonly id: string;
  /** The mode of who published, as fields have it. */
  readonly publisher: ModeName;
}
