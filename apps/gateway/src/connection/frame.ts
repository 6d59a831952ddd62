import type { PayloadText } from '../fanout/payload-text.js';

/**
 * Frames of a server as strings of latin1: each character is a byte, so that frames are joined by joining strings and a socket
 * writes all of them in one call. A string costs less to make than a Buffer, and parts that are shared are not copied until
 * the write (docs/adr/0013-write-path.md). All are whole, final and unmasked, as RFC 6455 wants a server's.
 */

const finalText = 0x81;
const finalPing = 0x89;
const finalPong = 0x8a;

/** A ping without data. */
export const pingFrame = String.fromCharCode(finalPing, 0);

/** The answer to a ping, with its data. */
export function pongFrame(data: Buffer): string {
  return String.fromCharCode(finalPong, data.length) + data.toString('latin1');
}

/** UTF-8 bytes as characters. Text must be well formed: JSON text is, because what is not is escaped. */
export function toLatin1(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
}

/** A text frame around bytes as characters. */
export function textFrame(latin1: string): string {
  return textHeader(latin1.length) + latin1;
}

/** The bytes before a text of this length; RFC 6455, section 5.2. */
function textHeader(length: number): string {
  if (length < 126) return String.fromCharCode(finalText, length);
  if (length < 65_536) return String.fromCharCode(finalText, 126, length >> 8, length & 255);
  // No text here is 4 GiB long: the four high bytes are 0.
  return (
    String.fromCharCode(finalText, 127, 0, 0, 0, 0) +
    String.fromCharCode((length >>> 24) & 255, (length >> 16) & 255, (length >> 8) & 255, length & 255)
  );
}

/**
 * The frame of a delivery: `head` (the message up to its payload, as bytes), the payload, and `}`.
 *
 * Called for every delivery. Nearly always the one before was of the same event with an id of the same length, so that header
 * and tail are the last ones: measured, that is a third of what making a frame costs.
 */
export function deliveryFrame(head: string, payload: PayloadText): string {
  if (payload !== lastPayload) {
    lastPayload = payload;
    lastTail = `${payload.latin1}}`;
  }
  const length = head.length + lastTail.length;
  if (length !== lastLength) {
    lastLength = length;
    lastHeader = textHeader(length);
  }
  return lastHeader + head + lastTail;
}

let lastPayload: PayloadText | undefined;
let lastTail = '';
let lastLength = 0;
let lastHeader = '';

/** The message of a delivery up to its payload, for `deliveryFrame`; made once for each subscription. */
export function deliveryHead(id: string, type: 'data' | 'next'): string {
  // Through bytes also where it is ASCII, because what is joined here would be kept in pieces.
  return Buffer.from(`{"id":${JSON.stringify(id)},"type":"${type}","payload":`).toString('latin1');
}
