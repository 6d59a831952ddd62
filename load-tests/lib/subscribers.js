// A virtual user of the clients: its part of the connections, from the first to the last.
import exec from 'k6/execution';

import { boardsOf, closingRoundMs } from './boards.js';
import { openConnection } from './connection.js';
import { documents } from './documents.js';
import { createInbox } from './inbox.js';
import { metrics } from './metrics.js';
import { appsync } from './protocols/appsync.js';
import { graphqlTransportWs } from './protocols/graphql-transport-ws.js';
import { SequenceChecker } from './sequence-checker.js';
import { warn } from './warn.js';

const protocols = { appsync, 'graphql-transport-ws': graphqlTransportWs };

/** How often it is looked whether all has arrived, in milliseconds. */
const lookMs = 500;

/** How long clients stay when all has arrived, in milliseconds: what comes again comes after it. */
const lingerMs = 2_000;

/**
 * Opens connections `vu`, `vu + VUS`, `vu + 2 * VUS` and so on, evenly over the ramp, and checks what they receive.
 *
 * `plan`: `startsAt`, `rampMs`, `connections` and `leavesAt` (milliseconds since 1970); `cutAt`, when every connection is ended from this
 * side; `isPassing`: whether they leave before the last events, so that what comes later is not missed.
 */
export function runSubscribers({ run, settings, publishingFrom }, credentials, plan) {
  const vu = exec.scenario.iterationInTest;
  const connections = [];
  const inbox = createInbox();
  // Half of the grace is for a publisher that is late with the last event, half for the event. A crowd that passes leaves before it.
  const awaitedBefore = plan.isPassing ? 0 : plan.leavesAt - closingRoundMs - settings.GRACE / 2;
  const restart = { firstClose: undefined, lastReturn: undefined };
  for (let index = vu; index < plan.connections; index += settings.VUS) {
    const opensAt = plan.startsAt + (plan.rampMs * index) / plan.connections;
    setTimeout(() => connections.push(open(index)), Math.max(0, opensAt - Date.now()));
  }
  if (plan.cutAt) setTimeout(cutAll, Math.max(0, plan.cutAt - Date.now()));
  setTimeout(look, Math.max(0, plan.startsAt + plan.rampMs + lookMs - Date.now()));

  function open(index) {
    const subscriptions = [];
    for (let subscription = 0; subscription < settings.SUBSCRIPTIONS_PER_CONNECTION; subscription++) {
      const boardIds = boardsOf({ run, settings }, index, subscription);
      const request = { query: documents.subscribe, variables: { boardIds } };
      const checkers = Object.fromEntries(boardIds.map((id) => [id, new SequenceChecker({ publishingFrom })]));
      subscriptions.push({ request, checkers });
    }
    const protocol = protocols[settings.PROTOCOL[index % settings.PROTOCOL.length]];
    const connection = openConnection({
      urls: settings.REALTIME_URL,
      // Whatever the number of protocols, each is spoken at every address.
      index: Math.floor(index / settings.PROTOCOL.length),
      protocol,
      credentials: credentials(index),
      subscriptions,
      inbox,
      returnWithinMs: settings.RECONNECT_WITHIN,
      onDelivered: (milliseconds) => noteLatency(milliseconds, protocol),
      onClosed: (at) => (restart.firstClose ??= at),
      onBack: (at) => (restart.lastReturn = at),
    });
    return { index, protocol, subscriptions, connection };
  }

  function noteLatency(milliseconds, { name }) {
    metrics.publishToReceive.add(milliseconds);
    metrics.inTime.add(milliseconds < settings.P99_MS);
    if (settings.PROTOCOL.length > 1) metrics.publishToReceiveOf[name].add(milliseconds);
  }

  function cutAll() {
    for (const { connection } of connections) connection.cut(settings.STORM_JITTER);
  }

  function look() {
    const isOver = Date.now() >= plan.leavesAt;
    if (!isOver && !connections.every(({ connection }) => connection.isFinished)) {
      setTimeout(look, lookMs);
      return;
    }
    setTimeout(leave, isOver ? 0 : lingerMs);
  }

  function leave() {
    inbox.empty();
    for (const each of connections) {
      each.connection.leave();
      count(each);
    }
    if (restart.firstClose && restart.lastReturn) metrics.restartTime.add(restart.lastReturn - restart.firstClose);
  }

  function count({ index, protocol, subscriptions }) {
    const tags = { protocol: protocol.name };
    for (const { checkers } of subscriptions) {
      metrics.checked.add(1, tags);
      let isComplete = true;
      let received = 0;
      for (const [board, checker] of Object.entries(checkers)) {
        const result = checker.result({ awaitedBefore });
        isComplete &&= result.isComplete;
        received += result.received;
        if (result.lost > 0) metrics.lost.add(result.lost, tags);
        if (result.repeated > 0) metrics.repeated.add(result.repeated, tags);
        if (result.unordered > 0) metrics.unordered.add(result.unordered, tags);
        if (result.missedWhileAway > 0) metrics.missedWhileAway.add(result.missedWhileAway, tags);
        if (result.deferredMissing > 0) metrics.deferredMissing.add(result.deferredMissing, tags);
        if (result.lost + result.repeated + result.unordered + result.deferredMissing > 0) {
          warn(`Connection ${index}, board ${board}, ${protocol.name}: ${JSON.stringify(result)}`);
        }
      }
      metrics.deliveries.add(received, tags);
      if (!isComplete && !plan.isPassing) metrics.incomplete.add(1, tags);
    }
  }
}
