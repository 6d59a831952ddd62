import { print } from 'graphql-sse';
import type { ExecutionResult } from 'graphql-sse';
import { toLatin1 } from '../frame.js';
import type { PayloadText } from '../../fanout/payload-text.js';
import type { SubscriptionRefused } from '../../subscription/start-subscription.js';

/**
 * Events of a stream as strings of latin1: each character is a byte, as in frames of WebSockets
 * (docs/adr/0013-write-path.md).
 */

/** A comment, which clients pass over. */
export const keepAliveComment = ':\n\n';

/** The stream's subscription is over: clients do not come back by themselves. */
export const completeEvent = print({ event: 'complete', data: null });

/**
 * How long a browser's EventSource waits before it comes back, in milliseconds. Also the first bytes of a stream: some browsers
 * do not take a response for begun until they have some.
 */
export function retryField(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** The errors with which a subscription is refused, or over. */
export function errorEvent({ errors, data }: SubscriptionRefused): string {
  const result = data === undefined ? { errors } : { data, errors };
  return toLatin1(print({ event: 'next', data: result as unknown as ExecutionResult }));
}

/**
 * A delivery. Called for every one, and nearly always for the payload of the one before: on a stream of its own there is nothing
 * that tells one subscription from another.
 */
export function deliveryEvent(payload: PayloadText): string {
  if (payload !== lastPayload) {
    lastPayload = payload;
    lastEvent = `event: next\ndata: ${payload.latin1}\n\n`;
  }
  return lastEvent;
}

let lastPayload: PayloadText | undefined;
let lastEvent = '';

/** Bytes as one chunk of a chunked response (RFC 9112, section 7.1). */
export function chunk(bytes: string): string {
  if (bytes !== lastBytes) {
    lastBytes = bytes;
    lastChunk = `${bytes.length.toString(16)}\r\n${bytes}\r\n`;
  }
  return lastChunk;
}

let lastBytes = '';
let lastChunk = '';
