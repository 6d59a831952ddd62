// One client: a connection that subscribes, and comes back when it is closed.
import encoding from 'k6/encoding';
import { WebSocket } from 'k6/websockets';

import { codeTag } from './close-codes.js';
import { metrics } from './metrics.js';
import { warn } from './warn.js';

/**
 * How long after its subscribe a subscription of graphql-transport-ws is taken to have started, in milliseconds: that protocol does not say
 * when it has, and a server that needs longer fails the run.
 */
const startedAfterMs = 5_000;

/** `readyState` of a WebSocket that is open; k6 has no name for it. */
const openState = 1;

/** How much of a frame that makes no sense is said, in characters. */
const shownOfFrame = 200;

const encode = (text) => encoding.b64encode(text, 'rawurl');

/**
 * Opens a connection and keeps it: after a close it comes back, after a random part of `returnWithinMs`, as the clients of its protocol do.
 *
 * `urls`: where it connects, the next one each time, beginning with that of its `index`. `subscriptions`: each with `request`, and `checkers` by board.
 * `inbox`: where frames wait. `onDelivered` is told how long each delivery took, in milliseconds; `onClosed` and `onBack` are told of the moments.
 */
export function openConnection(options) {
  const { urls, index, protocol, credentials, subscriptions, inbox, returnWithinMs, onDelivered, onClosed, onBack } =
    options;
  const tags = { protocol: protocol.name };
  let socket;
  let attempts = 0;
  let openedAt;
  let awaySince;
  let waitingFor = 0;
  let isOpen = false;
  let isRefused = false;
  let isLeaving = false;

  function connect() {
    if (isLeaving) return;
    openedAt = Date.now();
    isOpen = false;
    waitingFor = subscriptions.length;
    let failure;
    const url = urls[(index + attempts++) % urls.length];
    socket = new WebSocket(url, protocol.subprotocols(credentials, encode), { tags });
    socket.onopen = () => {
      isOpen = true;
      if (isLeaving) socket.close();
      else socket.send(protocol.hello(credentials));
    };
    // When the frame came, not when this virtual user has time for it: k6's own work is not the server's.
    socket.onmessage = ({ data, timestamp }) => {
      // A ping that waits for the deliveries before it may be answered when the connection is gone.
      if (waitingFor > 0 || typeof data !== 'string' || protocol.isPing(data)) take(data, timestamp);
      else inbox.put(take, data, timestamp);
    };
    socket.onerror = ({ error }) => (failure = error);
    socket.onclose = ({ code, reason }) => handleClose(code ?? 1006, reason, failure);
  }

  /** Reads a frame. One that makes no sense must not take those after it along, nor this virtual user. */
  function take(text, at) {
    try {
      read(text, at);
    } catch (error) {
      metrics.subscriptionErrors.add(1, tags);
      warn(`A frame makes no sense (${error.message}): ${String(text).slice(0, shownOfFrame)}`);
    }
  }

  function subscriptionOf(id) {
    const subscription = subscriptions[Number(id)];
    if (!subscription) throw new Error(`there is no subscription ${id}`);
    return subscription;
  }

  function send(text) {
    if (socket.readyState === openState) socket.send(text);
  }

  function read(text, at) {
    const { kind, id, data, errors } = protocol.read(text);
    if (kind === 'delivery') deliver(subscriptionOf(id), data, errors, at);
    else if (kind === 'welcome') start();
    else if (kind === 'started') noteStarted(subscriptionOf(id), at);
    else if (kind === 'ping') send(protocol.pong());
    else if (kind === 'refused') {
      isRefused = errors.some(({ errorCode }) => [400, 401, 403].includes(errorCode));
      warn(`A connection was refused: ${JSON.stringify(errors)}`);
    } else if (kind === 'error' || kind === 'complete') {
      metrics.subscriptionErrors.add(1, tags);
      warn(`A subscription has ended: ${JSON.stringify(errors ?? kind)}`);
    }
  }

  function start() {
    metrics.connected.add(1, tags);
    for (const [index, { request }] of subscriptions.entries()) {
      send(protocol.subscribe(String(index), request, credentials));
      if (!protocol.acknowledges) noteStarted(subscriptions[index], Date.now() + startedAfterMs);
    }
  }

  function noteStarted(subscription, at) {
    for (const checker of Object.values(subscription.checkers)) checker.started(at);
    waitingFor -= 1;
    if (waitingFor > 0) return;
    const now = Date.now();
    metrics.timeToSubscribe.add(now - openedAt, tags);
    if (awaySince === undefined) return;
    metrics.timeAway.add(now - awaySince, tags);
    metrics.returned.add(1, tags);
    awaySince = undefined;
    onBack(now);
  }

  function deliver(subscription, data, errors, at) {
    const event = data?.onTaskCreated;
    if (!event || errors) {
      metrics.subscriptionErrors.add(1, tags);
      warn(`A delivery has errors: ${JSON.stringify(errors)}`);
      return;
    }
    onDelivered(at - event.sentAt);
    const checker = subscription.checkers[event.boardId];
    if (checker) checker.receive(event);
    else metrics.misdirected.add(1, tags);
  }

  function interrupt() {
    inbox.empty();
    for (const { checkers } of subscriptions) for (const checker of Object.values(checkers)) checker.interrupted();
  }

  function handleClose(code, reason, failure) {
    if (isLeaving) return;
    const now = Date.now();
    interrupt();
    if (isOpen) {
      metrics.closes.add(1, { ...tags, code: codeTag(code) });
      onClosed(now);
      awaySince ??= now;
    } else {
      metrics.connectFailures.add(1, tags);
      warn(`A connection was not made: ${failure}`);
    }
    if (isOpen && (isRefused || !protocol.comesBack(code))) {
      metrics.closesForGood.add(1, tags);
      warn(`A connection was closed for good: ${code} ${reason}`);
      return;
    }
    setTimeout(connect, Math.random() * returnWithinMs);
  }

  connect();
  return {
    /** Whether the last event of every board of every subscription is here. */
    get isFinished() {
      return subscriptions.every(({ checkers }) => Object.values(checkers).every(({ isFinished }) => isFinished));
    },
    /** Ends the connection from this side, and comes back after a random part of `withinMs`. */
    cut(withinMs) {
      if (awaySince !== undefined || !isOpen) return;
      awaySince = Date.now();
      interrupt();
      // What it still says is not of the next connection.
      for (const name of ['onmessage', 'onclose', 'onerror']) socket[name] = () => undefined;
      socket.close();
      setTimeout(connect, Math.random() * withinMs);
    },
    leave() {
      isLeaving = true;
      // One that has not opened yet is closed when it has.
      if (isOpen) socket.close();
    },
  };
}
