import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger, createMetrics } from '#libs/observability';
import { payloadText } from '../fanout/payload-text.js';
import type { PayloadText } from '../fanout/payload-text.js';
import type { GatewayOptions } from '../gateway-options.js';
import { ConnectionSocket, maxGatheredBytes } from './connection-socket.js';
import { deliveryFrame, deliveryHead, pingFrame, textFrame } from './frame.js';
import { Outbox } from './outbox.js';
import type { ServerWebSocket } from './server-web-socket.js';
import { TimerWheel } from './timer-wheel.js';

let timers: TimerWheel;
beforeEach(() => {
  vi.useFakeTimers();
  timers = new TimerWheel({
    onFailure(error) {
      throw error;
    },
  });
});
afterEach(() => {
  timers.stop();
  vi.useRealTimers();
});

/** The end of the turn: what is gathered is written. */
const endTurn = (): void => void vi.runOnlyPendingTimers();

function fake(given: Partial<GatewayOptions> & { readonly readyState?: number } = {}) {
  const webSocket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: given.readyState ?? 1,
    pause: vi.fn(),
    terminate: vi.fn(),
    close: vi.fn(() => void (webSocket.readyState = 2)),
  });
  // A stream over a kernel that takes everything, or nothing from `stop` to `drain`.
  const raw = Object.assign(new EventEmitter(), {
    isTaking: true,
    writableLength: 0,
    write: vi.fn((text: string): boolean => {
      if (!raw.isTaking) raw.writableLength += text.length;
      return raw.isTaking;
    }),
    stop: () => void (raw.isTaking = false),
    drain() {
      raw.isTaking = true;
      raw.writableLength = 0;
      raw.emit('drain');
    },
  });
  const metrics = createMetrics();
  const place = { leave: vi.fn() };
  const options = {
    messageRate: 10,
    messageBurst: 5,
    maxWaitingBytes: 1_000,
    slowConsumerPolicy: 'disconnect' as const,
    ...given,
  };
  const socket = new ConnectionSocket(webSocket as unknown as ServerWebSocket, raw as unknown as Duplex, place, {
    metrics,
    timers,
    options,
    logger: createLogger({ name: 'test', level: 'silent' }),
    outbox: new Outbox({ flushIntervalMs: 0 }),
  });
  const received: (readonly [string | undefined, boolean])[] = [];
  const user = {
    floodClose: 'FLOOD' as const,
    receive: (text: string | undefined, isOverRate: boolean) => void received.push([text, isOverRate]),
    closed: vi.fn(),
  };
  socket.use(user);
  const message = (text: string | Buffer): void => {
    webSocket.emit('message', Buffer.from(text), typeof text !== 'string');
  };
  const written = (): string[] => raw.write.mock.calls.map(([text]) => text);
  return { webSocket, raw, socket, metrics, place, user, received, message, written };
}

const target = (id: string) => ({ head: deliveryHead(id, 'next') });
const event = (n: number): PayloadText => payloadText(JSON.stringify({ data: { n } }));

/** What was counted; kinds that are known begin at 0. */
async function counted(counter: Pick<ReturnType<typeof createMetrics>['closes'], 'get'>) {
  return (await counter.get()).values.filter(({ value }) => value > 0);
}

describe('sending', () => {
  it('should write what one turn of the event loop brings in one call, in order', () => {
    const { socket, written } = fake();
    const one = target('1');
    socket.send('text');
    socket.deliver(one, event(1));
    socket.checkAlive();
    expect(written()).toEqual([]);
    endTurn();
    expect(written()).toEqual([textFrame('text') + deliveryFrame(one.head, event(1)) + pingFrame]);
    socket.send('later');
    endTurn();
    expect(written()).toHaveLength(2);
  });

  it('should not wait for the end of the turn with very much', () => {
    const { socket, written } = fake();
    socket.send('x'.repeat(maxGatheredBytes));
    expect(written()).toHaveLength(1);
    endTurn();
    expect(written()).toHaveLength(1);
  });

  it('should come to nothing on a socket that is closing', () => {
    const { socket, webSocket, written } = fake({ readyState: 2 });
    socket.send('text');
    socket.deliver(target('1'), event(1));
    endTurn();
    expect(written()).toEqual([]);
    expect(webSocket.close).not.toHaveBeenCalled();
  });

  it('should come to nothing when the client has closed before the turn ends', () => {
    const { socket, webSocket, written } = fake();
    socket.send('text');
    webSocket.readyState = 2;
    endTurn();
    expect(written()).toEqual([]);
  });

  it('should answer pings with their data', () => {
    const { webSocket, written } = fake();
    webSocket.emit('ping', Buffer.from([0, 0xff, 0x7f]));
    endTurn();
    expect(written()).toEqual(['\x8a\x03\x00\xff\x7f']);
  });
});

describe('a client that does not read', () => {
  function stalled(given: Parameters<typeof fake>[0] = {}) {
    const it = fake(given);
    it.raw.stop();
    it.socket.send('x'.repeat(100));
    endTurn();
    it.raw.write.mockClear();
    return it;
  }

  it('should have what comes wait, and get it in order when it reads again', () => {
    const { socket, raw, written } = stalled();
    const one = target('1');
    for (const n of [1, 2]) {
      socket.deliver(one, event(n));
      endTurn();
    }
    expect(written()).toEqual([]);
    expect(socket.waitingBytes).toBe(102 + 2 * deliveryFrame(one.head, event(1)).length);
    raw.drain();
    expect(written()).toEqual([deliveryFrame(one.head, event(1)) + deliveryFrame(one.head, event(2))]);
    expect(socket.waitingBytes).toBe(0);
  });

  it.each(['disconnect', 'keep-latest'] as const)(
    'should be closed at the end of the turn that brings too much, with the policy %s',
    async (slowConsumerPolicy) => {
      const { socket, webSocket, metrics, written } = stalled({ slowConsumerPolicy });
      socket.deliver(target('1'), payloadText(JSON.stringify('x'.repeat(898 - 41))));
      endTurn();
      expect(webSocket.close).not.toHaveBeenCalled();
      socket.deliver(target('2'), event(1));
      expect(webSocket.close).not.toHaveBeenCalled();
      endTurn();
      expect(webSocket.close).toHaveBeenCalledExactlyOnceWith(1013, 'Slow consumer');
      expect((await metrics.limitRefusals.get()).values).toMatchObject([{ labels: { limit: 'MAX_WAITING_BYTES' } }]);
      socket.deliver(target('2'), event(2));
      endTurn();
      expect(written()).toEqual([]);
      expect(webSocket.terminate).not.toHaveBeenCalled();
      vi.advanceTimersByTime(10_050);
      expect(webSocket.terminate).toHaveBeenCalledOnce();
    },
  );

  it('should not be closed for what the kernel takes', () => {
    const { socket, raw, webSocket } = fake();
    raw.write.mockImplementation(() => false);
    for (let n = 0; n < 100; n += 1) socket.send('x'.repeat(maxGatheredBytes));
    endTurn();
    expect(webSocket.close).not.toHaveBeenCalled();
    expect(raw.write).toHaveBeenCalledTimes(100);
  });

  it('should get what waits before any other close', () => {
    const { socket, webSocket, written } = stalled();
    socket.send('last');
    socket.close('MAX_AGE');
    expect(written()).toEqual([textFrame('last')]);
    expect(webSocket.close).toHaveBeenCalledOnce();
  });

  it('should get the newest of each subscription where that is kept, and be told how many are missing', () => {
    const { socket, raw, written, metrics } = stalled({ slowConsumerPolicy: 'keep-latest' });
    const [one, other] = [target('1'), target('2')];
    for (const n of [1, 2, 3]) {
      socket.deliver(one, event(n));
      endTurn();
    }
    socket.deliver(other, event(4));
    raw.drain();
    const told = payloadText('{"data":{"n":3},"extensions":{"starling":{"superseded":2}}}');
    expect(written()).toEqual([deliveryFrame(one.head, told) + deliveryFrame(other.head, event(4))]);
    expect(metrics.fanout.supersededDeliveries).toBe(2);
    socket.deliver(one, event(5));
    endTurn();
    expect(written()[1]).toBe(deliveryFrame(one.head, event(5)));
  });

  it('should get nothing of a subscription that is over, and what came before another message before it', () => {
    const { socket, raw, written } = stalled({ slowConsumerPolicy: 'keep-latest' });
    const [gone, here] = [target('1'), target('2')];
    socket.deliver(gone, event(1));
    socket.deliver(here, event(1));
    socket.forget(gone);
    socket.forget(target('never held'));
    socket.send('complete');
    raw.drain();
    expect(written()).toEqual([deliveryFrame(here.head, event(1)) + textFrame('complete')]);
    expect(socket.waitingBytes).toBe(0);
  });
});

describe('checking whether the client is there', () => {
  it('should go on as long as pings are answered', () => {
    const { socket, webSocket, written } = fake();
    for (let n = 1; n <= 3; n += 1) {
      expect(socket.checkAlive()).toBe(true);
      endTurn();
      expect(written()).toEqual(Array<string>(n).fill(pingFrame));
      webSocket.emit('pong', Buffer.alloc(0));
    }
    expect(webSocket.terminate).not.toHaveBeenCalled();
  });

  it('should cut a client that has not answered, and count it', async () => {
    const { socket, webSocket, metrics } = fake();
    expect([socket.checkAlive(), socket.checkAlive()]).toEqual([true, false]);
    expect(webSocket.terminate).toHaveBeenCalledOnce();
    expect(await counted(metrics.closes)).toMatchObject([{ labels: { close: 'UNRESPONSIVE' } }]);
  });
});

describe('the end', () => {
  it('should be told once, and leave the place', () => {
    const { webSocket, user, place } = fake();
    webSocket.emit('close', 1000, Buffer.alloc(0));
    expect(user.closed).toHaveBeenCalledOnce();
    expect(place.leave).toHaveBeenCalledOnce();
  });
});

describe('closing', () => {
  it.each([
    ['its own reason', undefined, 'Unauthorized'],
    ['a given reason', 'because', 'because'],
    ['a long reason, cut', 'x'.repeat(200), 'x'.repeat(123)],
    ['a long reason of long characters, cut at one', 'ü'.repeat(100), 'ü'.repeat(61)],
  ])('should send %s', (_name, reason, sent) => {
    const { socket, webSocket } = fake();
    socket.close('UNAUTHORIZED', reason);
    expect(webSocket.close).toHaveBeenCalledWith(1008, sent);
  });

  it('should be counted once, by its name', async () => {
    const { socket, webSocket, metrics } = fake();
    socket.close('MAX_AGE');
    socket.close('GOING_AWAY');
    expect(webSocket.close).toHaveBeenCalledOnce();
    expect(await counted(metrics.closes)).toMatchObject([{ value: 1, labels: { close: 'MAX_AGE' } }]);
  });

  it.each([
    ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'MESSAGE_TOO_LARGE', 'MAX_FRAME_BYTES'],
    ['WS_ERR_TOO_MANY_BUFFERED_PARTS', 'TOO_MANY_FRAGMENTS', 'MAX_FRAGMENTS_PER_MESSAGE'],
    ['WS_ERR_INVALID_UTF8', 'INVALID_TEXT', undefined],
    ['WS_ERR_EXPECTED_MASK', 'INVALID_FRAME', undefined],
    ['ECONNRESET', undefined, undefined],
  ])('should be counted where the library does it for %s', async (code, close, limit) => {
    const { socket, metrics } = fake();
    socket.failed(Object.assign(new Error(code), { code }));
    expect((await counted(metrics.closes)).map(({ labels }) => labels)).toEqual(close ? [{ close }] : []);
    expect((await metrics.limitRefusals.get()).values.map(({ labels }) => labels)).toEqual(limit ? [{ limit }] : []);
  });
});

describe('receiving', () => {
  it('should give text, and undefined for binary', () => {
    const { message, received } = fake();
    message('text');
    message(Buffer.from('text'));
    expect(received).toEqual([
      ['text', false],
      [undefined, false],
    ]);
  });

  it('should say what came over the rate, close who goes on, and cut who does not leave', async () => {
    const { message, received, webSocket, metrics } = fake();
    for (let n = 0; n < 12; n += 1) message(String(n));
    expect(received.map(([, isOverRate]) => isOverRate)).toEqual([
      ...Array<boolean>(5).fill(false),
      ...Array<boolean>(5).fill(true),
    ]);
    expect(webSocket.close).toHaveBeenCalledExactlyOnceWith(1008, 'Rate limit exceeded');
    expect(webSocket.pause).toHaveBeenCalled();
    expect((await metrics.limitRefusals.get()).values).toMatchObject([
      { value: 1, labels: { limit: 'MESSAGE_BURST' } },
    ]);
    expect(webSocket.terminate).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_050);
    expect(webSocket.terminate).toHaveBeenCalledOnce();
  });

  it.each(['ping', 'pong'])('should count a %s of WebSocket like a message', (frame) => {
    const { webSocket } = fake();
    for (let n = 0; n < 10; n += 1) webSocket.emit(frame, Buffer.alloc(0));
    expect(webSocket.close).not.toHaveBeenCalled();
    webSocket.emit(frame, Buffer.alloc(0));
    expect(webSocket.close).toHaveBeenCalledWith(1008, 'Rate limit exceeded');
  });

  it('should count a large message as several', () => {
    const { message, received } = fake();
    message('x'.repeat(16 * 1024 * 5));
    message('');
    expect(received.map(([, isOverRate]) => isOverRate)).toEqual([false, true]);
  });

  it('should forgive with time', () => {
    const { message, received } = fake();
    for (let n = 0; n < 6; n += 1) message('');
    vi.advanceTimersByTime(500);
    message('');
    expect(received.map(([, isOverRate]) => isOverRate)).toEqual([false, false, false, false, false, true, false]);
  });

  it('should end with the close', () => {
    const { message, received, socket } = fake();
    socket.close('IDLE');
    message('late');
    expect(received).toEqual([]);
  });
});
