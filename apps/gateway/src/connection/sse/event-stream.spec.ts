import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { createMetrics } from '#libs/observability';
import { payloadText } from '../../fanout/payload-text.js';
import type { SlowConsumerPolicy } from '#libs/config';
import type { Writer } from '../outbox.js';
import { TimerWheel } from '../timer-wheel.js';
import { EventStream } from './event-stream.js';

/** A TCP socket that keeps what is written, and takes no more when it is told so. */
class FakeSocket extends EventEmitter {
  written = '';
  writes = 0;
  writableLength = 0;
  isFull = false;
  readonly cork = vi.fn();
  readonly uncork = vi.fn();
  readonly destroy = vi.fn();
  readonly destroySoon = vi.fn();

  write(data: string, encoding: string): boolean {
    expect(encoding).toBe('latin1');
    this.written += data;
    this.writes += 1;
    this.writableLength = this.isFull ? this.writableLength + data.length : 0;
    return !this.isFull;
  }

  drain(): void {
    this.isFull = false;
    this.writableLength = 0;
    this.emit('drain');
  }
}

interface Wish {
  readonly isChunked?: boolean;
  readonly slowConsumerPolicy?: SlowConsumerPolicy;
}

function openStream({ isChunked = true, slowConsumerPolicy = 'disconnect' }: Wish = {}) {
  const socket = new FakeSocket();
  const end = vi.fn((done?: () => void) => done?.());
  const flushHeaders = vi.fn();
  const response = { socket, chunkedEncoding: isChunked, end, flushHeaders, writeHead: () => response };
  const queued: Writer[] = [];
  const metrics = createMetrics();
  const timers = new TimerWheel({ onFailure: () => undefined });
  const onTooSlow = vi.fn();
  const stream = new EventStream(
    response as unknown as ServerResponse,
    {},
    {
      metrics,
      timers,
      outbox: { add: (writer: Writer) => void queued.push(writer) } as never,
      options: { maxWaitingBytes: 100, slowConsumerPolicy },
    },
    onTooSlow,
  );
  socket.written = '';
  socket.writes = 0;
  /** The end of a turn of the event loop. */
  const turn = (): void => {
    for (const writer of queued.splice(0)) writer.flush();
  };
  return { stream, socket, end, turn, queued, metrics, timers, onTooSlow };
}

const payload = (text: string) => payloadText(JSON.stringify(text));
const event = (text: string) => `event: next\ndata: ${JSON.stringify(text)}\n\n`;
const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

describe('EventStream', () => {
  it('should write what comes in a turn as one chunk, at its end', () => {
    const { stream, socket, turn, metrics } = openStream();
    stream.deliver(payload('a'));
    stream.send(event('b'));
    expect(socket.written).toBe('');
    turn();
    expect(socket.written).toBe(chunked(event('a') + event('b')));
    expect([socket.writes, metrics.fanout.writes]).toEqual([1, 1]);
    turn();
    expect(socket.writes).toBe(1);
  });

  it('should write no chunks where the response has none', () => {
    const { stream, socket, turn } = openStream({ isChunked: false });
    stream.deliver(payload('a'));
    turn();
    expect(socket.written).toBe(event('a'));
  });

  it('should end behind what waits, and say nothing more', () => {
    const { stream, socket, end, turn, timers } = openStream();
    stream.deliver(payload('a'));
    stream.end(false);
    expect(socket.written).toBe(chunked(event('a')));
    expect(end).toHaveBeenCalledOnce();
    expect(socket.destroySoon).not.toHaveBeenCalled();
    stream.deliver(payload('b'));
    stream.send(event('c'));
    stream.keepAlive(':\n\n');
    stream.end(true);
    turn();
    expect(socket.written).toBe(chunked(event('a')));
    expect(end).toHaveBeenCalledOnce();
    // Cut later, unless the client has read it all by then.
    expect(timers.size).toBe(1);
    stream.closed();
    expect(timers.size).toBe(0);
  });

  it('should close the connection when it ends, where its client shall come back by another', () => {
    const { stream, socket } = openStream();
    stream.end(true);
    expect(socket.destroySoon).toHaveBeenCalledOnce();
  });

  it('should send keep-alives only where nothing else says that it lives', () => {
    const { stream, socket, turn } = openStream();
    stream.deliver(payload('a'));
    stream.keepAlive(':\n\n');
    turn();
    stream.keepAlive(':\n\n');
    turn();
    expect(socket.written).toBe(chunked(event('a')) + chunked(':\n\n'));
  });

  it('should let deliveries wait, up to the limit, while the client does not read', () => {
    const { stream, socket, turn, onTooSlow } = openStream();
    socket.isFull = true;
    stream.deliver(payload('a'));
    turn();
    stream.deliver(payload('b'));
    turn();
    expect(socket.writes).toBe(1);
    expect(onTooSlow).not.toHaveBeenCalled();
    socket.drain();
    expect(socket.written).toBe(chunked(event('a')) + chunked(event('b')));
    socket.isFull = true;
    for (const text of ['c', 'd', 'e', 'f', 'g']) {
      stream.deliver(payload(text));
      turn();
    }
    expect(onTooSlow).toHaveBeenCalled();
  });

  it('should keep the newest of them where that is the policy, and send it before anything else', () => {
    const { stream, socket, turn, metrics, onTooSlow } = openStream({ slowConsumerPolicy: 'keep-latest' });
    socket.isFull = true;
    stream.deliver(payloadText('{"data":0}'));
    turn();
    for (let n = 1; n < 20; n += 1) {
      stream.deliver(payloadText(`{"data":${n}}`));
      turn();
    }
    expect(onTooSlow).not.toHaveBeenCalled();
    expect(metrics.fanout.supersededDeliveries).toBe(18);
    socket.drain();
    stream.send('event: complete\ndata:\n\n');
    turn();
    const last = 'event: next\ndata: {"data":19,"extensions":{"starling":{"superseded":18}}}\n\n';
    expect(socket.written).toBe(
      chunked('event: next\ndata: {"data":0}\n\n') + chunked(last) + chunked('event: complete\ndata:\n\n'),
    );
  });
});
