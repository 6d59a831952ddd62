import { print } from 'graphql-sse';
import { describe, expect, it } from 'vitest';
import { payloadText } from '../../fanout/payload-text.js';
import { SubscriptionRefused } from '../../subscription/start-subscription.js';
import { chunk, deliveryEvent, errorEvent } from './messages.js';

const toText = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

describe('an event of a stream', () => {
  it.each([{ data: { task: { title: 'Paint' } } }, { data: { task: { title: 'Åse\n🐦' } } }])(
    "should be a delivery in the library's words: %j",
    (result) => {
      const payload = payloadText(JSON.stringify(result));
      const expected = print({ event: 'next', data: result });
      for (let again = 0; again < 2; again += 1) expect(toText(deliveryEvent(payload))).toBe(expected);
    },
  );

  it.each([
    [undefined, { errors: [{ message: 'Nö' }] }],
    [{ task: null }, { data: { task: null }, errors: [{ message: 'Nö' }] }],
  ])('should be a refusal with the data of its field: %j', (data, result) => {
    const event = toText(errorEvent(new SubscriptionRefused('refused', [{ message: 'Nö' }], data)));
    expect(event).toBe(`event: next\ndata: ${JSON.stringify(result)}\n\n`);
  });
});

describe('a chunk', () => {
  it('should have its length in bytes, in hexadecimal, before it', () => {
    expect(chunk('a'.repeat(26))).toBe(`1a\r\n${'a'.repeat(26)}\r\n`);
    expect(chunk('b'.repeat(26))).toBe(`1a\r\n${'b'.repeat(26)}\r\n`);
  });
});
