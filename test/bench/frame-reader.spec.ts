import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader } from '../../bench/load/frame-reader.js';

/** A server's frame, which has no mask. */
function frame(text: string, opcode = 1): Buffer {
  const payload = Buffer.from(text);
  if (payload.length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
  const isLong = payload.length > 0xffff;
  const header = Buffer.alloc(isLong ? 10 : 4);
  header[0] = 0x80 | opcode;
  header[1] = isLong ? 127 : 126;
  if (isLong) header.writeUIntBE(payload.length, 4, 6);
  else header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

class Recorder {
  isCounting = true;
  readonly deliveries: string[] = [];
  readonly messages: string[] = [];

  delivery(bytes: Buffer, start: number, end: number): void {
    this.deliveries.push(bytes.toString('utf8', start, end));
  }

  message(opcode: number, payload: Buffer): void {
    this.messages.push(`${opcode} ${payload.toString()}`);
  }
}

const text = (length: number) => 'd'.repeat(length);

describe('the frame reader of the load', () => {
  test('should count the same deliveries and hand over the same messages in whatever pieces they come', () => {
    const lengths = fc.array(fc.constantFrom(0, 2, 125, 126, 300, 0xffff, 0x10000), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (frames, pieces) => {
        const bytes = Buffer.concat(frames.map((length) => frame(text(length))));
        const recorder = new Recorder();
        const reader = new FrameReader(recorder);
        for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
          const length = pieces[piece % pieces.length]!;
          // The reader's caller uses its memory again.
          const chunk = Buffer.from(bytes.subarray(at, at + length));
          reader.read(chunk);
          chunk.fill(0);
          at += length;
        }
        expect(recorder.deliveries).toHaveLength(frames.filter((length) => length > 125).length);
        expect(recorder.messages).toEqual(frames.filter((length) => length <= 125).map((n) => `1 ${text(n)}`));
      }),
    );
  });

  test('should show the beginning of a delivery that came with its header', () => {
    const recorder = new Recorder();
    new FrameReader(recorder).read(frame(`{"sentAt":1}${text(300)}`).subarray(0, 40));
    expect(recorder.deliveries).toEqual([`{"sentAt":1}${text(24)}`]);
  });

  test('should hand over long messages whole until the connection has its subscription', () => {
    const recorder = new Recorder();
    recorder.isCounting = false;
    new FrameReader(recorder).read(Buffer.concat([frame(text(200)), frame('', 9)]));
    expect(recorder).toMatchObject({ deliveries: [], messages: [`1 ${text(200)}`, '9 '] });
  });
});
