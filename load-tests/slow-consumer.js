// What does a client that stops reading cost the others? SLOW_CONNECTIONS subscribe to a board of large tasks, and stop reading for 45
// seconds, or for DURATION where that is shorter; the others are checked as in a soak.
//
// Holds when: every slow client was closed by the server (SLOW_CLOSED=false: where it is to keep them), and for the others nothing is lost,
// repeated or out of order, none is closed, and 99 in 100 deliveries come within P99_MS. Variables: README.md.
//
// The slow clients use k6/ws: it reads a message only when the one before was handled, which k6/websockets does not. They speak
// graphql-transport-ws.
import exec from 'k6/execution';
import { sleep } from 'k6';
import ws from 'k6/ws';

import { boardId, closingRounds, slow } from './lib/boards.js';
import { codeTag } from './lib/close-codes.js';
import { documents } from './lib/documents.js';
import { createLoadTest, expectedEvents, oneEach } from './lib/load-test.js';
import { metrics } from './lib/metrics.js';
import { graphqlTransportWs } from './lib/protocols/graphql-transport-ws.js';
import { runPublisher } from './lib/publishers.js';

/**
 * Longest time without reading, in milliseconds. A client that does not answer a ping is closed at the next (KEEP_ALIVE_MS, 60 s): that must not
 * be taken for what is done about slow ones. The rest of it is for reading what lies before the ping.
 */
const longestStopMs = 45_000;

const test = createLoadTest({
  name: 'slow-consumer',
  names: ['SLOW_CONNECTIONS', 'SLOW_RATE', 'SLOW_EVENT_BYTES', 'SLOW_CLOSED'],
  defaults: { DURATION: '1m', CONNECTIONS: '200' },
  events: (settings) => expectedEvents(settings) + (settings.SLOW_RATE * settings.DURATION) / 1_000 + closingRounds,
  scenarios: ({ SLOW_CONNECTIONS }, { over }) => ({
    slowReaders: oneEach('slowReaders', SLOW_CONNECTIONS, over),
    heavyPublisher: oneEach('heavyPublisher', 1, over),
  }),
  thresholds: ({ SLOW_CONNECTIONS, SLOW_CLOSED }) => ({
    events_unacknowledged: ['count==0'],
    closes: ['count==0'],
    connect_failures: ['count==0'],
    slow_readers: [`count>=${SLOW_CONNECTIONS}`],
    slow_readers_closed: [SLOW_CLOSED ? `count>=${SLOW_CONNECTIONS}` : 'count==0'],
  }),
});

export const { options, setup, subscribers, publishers, broadcaster, handleSummary } = test;

const { settings, times, credentials } = test;

/** Subscribes, reads one event, and reads on when it has stopped for long enough, or everything is published. */
export function slowReaders({ run, startedAt }) {
  const index = exec.scenario.iterationInTest;
  const url = settings.REALTIME_URL[index % settings.REALTIME_URL.length];
  const own = credentials(index);
  const request = { query: documents.subscribe, variables: { boardIds: [boardId(run, slow)] } };
  const headers = { 'Sec-WebSocket-Protocol': graphqlTransportWs.subprotocols().join(', ') };
  let isStopped = false;
  let isLeaving = false;
  ws.connect(url, { headers }, (socket) => {
    socket.on('open', () => socket.send(graphqlTransportWs.hello(own)));
    socket.on('message', (text) => {
      const { kind } = graphqlTransportWs.read(text);
      if (kind === 'welcome') socket.send(graphqlTransportWs.subscribe('0', request));
      if (kind !== 'delivery' || isStopped) return;
      isStopped = true;
      metrics.slowReaders.add(1);
      const stopMs = Math.min(longestStopMs, startedAt + times.published - Date.now());
      sleep(Math.max(0, stopMs) / 1_000);
      // What waits may be read now; whoever was not closed by then leaves.
      socket.setTimeout(() => {
        isLeaving = true;
        socket.close();
      }, settings.GRACE);
    });
    socket.on('close', (code) => {
      if (!isLeaving) metrics.slowReadersClosed.add(1, { code: codeTag(code) });
    });
  });
}

/** Publishes what only the slow readers should receive. */
export function heavyPublisher({ run, startedAt }) {
  runPublisher({
    settings,
    credentials: credentials(0),
    index: 0,
    boardIds: [boardId(run, slow)],
    titleBytes: settings.SLOW_EVENT_BYTES,
    from: startedAt + times.publishing,
    until: startedAt + times.published,
    rateAt: () => settings.SLOW_RATE,
  });
}
