import { buildSchema, execute, getOperationAST, parse } from 'graphql';
import { defaultLimits } from '#libs/api-definition';
import { fragmentsOf, selectedFields } from '#libs/execution';
import type { JsonValue } from '#libs/protocol';
import { payloadText } from '../apps/gateway/src/fanout/payload-text.js';
import { compileProjection } from '../apps/gateway/src/fanout/projection.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';

/**
 * CPU time to make the text of an event for one delivery group, a task of about 300 bytes, ready to be framed: beside what a
 * GraphQL server does for each subscriber (graphql-js `execute`, then `JSON.stringify`) and beside `JSON.stringify` alone,
 * which has nothing to select. Medians of rounds.
 */
const schema = buildSchema(/* GraphQL */ `
  type Query {
    task: Task
  }
  type Subscription {
    onTask: Task
  }
  type Task {
    id: ID!
    boardId: ID!
    title: String!
    description: String
    status: Status!
    estimate: Int
    assignee: User
    labels: [String!]!
    createdAt: String!
    updatedAt: String!
    version: Int!
  }
  enum Status {
    OPEN
    DONE
  }
  type User {
    id: ID!
    name: String!
  }
`);

const document = parse(`subscription {
  onTask { id boardId title description status estimate assignee { id name } labels createdAt updatedAt version }
}`);

const task: JsonValue = {
  id: 't-1234567',
  boardId: 'b-17',
  title: 'Paint the roof',
  description: 'Blue, two layers, and mind the gutter',
  status: 'OPEN',
  estimate: 5,
  assignee: { id: 'u1', name: 'jdoe' },
  labels: ['roof', 'blue'],
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
  version: 3,
};

const rounds = 9;
const eventsPerRound = { quick: 20_000, whole: 200_000 };
/** It is so much dearer that a tenth of the events measures it as well. */
const executedShare = 0.1;

export function measure({ isQuick }: BenchOptions): Promise<readonly Row[]> {
  const events = isQuick ? eventsPerRound.quick : eventsPerRound.whole;
  const projection = compile();
  const ways = {
    starling: { events, run: () => payloadText(projection.project(task)).byteLength },
    stringify: { events, run: () => Buffer.byteLength(JSON.stringify({ data: { onTask: task } })) },
    execute: {
      events: events * executedShare,
      run: () => Buffer.byteLength(JSON.stringify(execute({ schema, document, rootValue: { onTask: task } }))),
    },
  };
  const times: Record<keyof typeof ways, number[]> = { starling: [], stringify: [], execute: [] };
  // In turns, so that what else the machine does meets them alike. The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      const us = cpuUs(way.events, way.run);
      if (round > 0) times[name as keyof typeof ways].push(us);
    }
  }
  const [starling, stringify, executed] = [median(times.starling), median(times.stringify), median(times.execute)];
  const unit = 'µs CPU per event and group';
  const target = { atMost: 0.1, timesPeer: 'graphql-js execute' };
  return Promise.resolve([
    row({ name: 'projection: starling', figure: starling, unit, peerFigure: executed, target }),
    row({ name: 'projection: graphql-js execute', figure: executed, unit }),
    row({ name: 'projection: JSON.stringify of the payload', figure: stringify, unit }),
  ]);
}

function compile(): ReturnType<typeof compileProjection> {
  const subscriptionType = schema.getSubscriptionType()!;
  const source = { schema, subscriptionType, fragments: fragmentsOf(document), variables: {} };
  const [fieldNodes] = selectedFields(source, subscriptionType, [getOperationAST(document)!.selectionSet]).values();
  return compileProjection({ ...source, fieldNodes: fieldNodes!, deniedFields: new Set(), limits: defaultLimits });
}

function cpuUs(count: number, run: () => number): number {
  let bytes = 0;
  const began = process.cpuUsage();
  for (let index = 0; index < count; index += 1) bytes += run();
  const { user, system } = process.cpuUsage(began);
  if (bytes === 0) throw new Error('Nothing was written.');
  return (user + system) / count;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
