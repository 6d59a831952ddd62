import { GraphQLError, Kind } from 'graphql';
import { describe, expect, it } from 'vitest';
import { awsDate, awsDateTime, awsTime } from './date-and-time.js';
import { awsEmail } from './email.js';
import { awsIpAddress } from './ip-address.js';
import { awsJson } from './json.js';
import { awsPhone } from './phone.js';
import { awsTimestamp } from './timestamp.js';
import { awsUrl } from './url.js';

const texts = [
  {
    scalar: awsDate,
    expected: 'a valid date',
    valid: [
      '1970-01-01',
      '1970-01-01Z',
      '1970-01-01-07:00',
      '1970-01-01+05:30',
      '1970-01-01+05:30:15',
      '2024-02-29',
      '2000-02-29',
    ],
    invalid: [
      '',
      '1970-1-1',
      '2023-02-29',
      '1900-02-29',
      '2024-04-31',
      '2024-13-01',
      '2024-00-10',
      '2024-01-00',
      '2024-01-01z',
      '2024-01-01+25:00',
      '2024-01-01+05:60',
      '2019-12-24T04:15:57.798Z',
      ' 2024-01-01',
      '2024-01-01\n',
    ],
  },
  {
    scalar: awsTime,
    expected: 'a valid time',
    valid: [
      '12:30',
      '12:30Z',
      '00:00',
      '23:59:59',
      '12:00:00.2',
      '12:00:00.123456789',
      '12:30:24-07:00',
      '12:30:24.500+05:30',
      '12:30+18:00',
    ],
    invalid: [
      '',
      '24:00',
      '12:60',
      '12:30:60',
      '1:30',
      '12',
      '12:30:24.',
      '12:30:24.1234567890',
      '12:30.5',
      '12:30+18:01',
      '12:30+0530',
    ],
  },
  {
    scalar: awsDateTime,
    expected: 'a valid DateTime Object',
    valid: [
      '2026-11-22T12:30Z',
      '2026-11-22T12:30:24Z',
      '2026-11-22T12:30:24.123456789+05:30',
      '2026-11-22T12:30:24.500-07:00:10',
    ],
    invalid: [
      '2026-11-22',
      '2026-11-22T12:30',
      '2026-05-06T00:00:00.000',
      '2024-05-12T07:49:46+0000',
      '2026-02-30T00:00Z',
      '2026-11-22 12:30Z',
      '2026-11-22t12:30Z',
      '2019',
    ],
  },
  {
    scalar: awsEmail,
    expected: 'a valid email address',
    valid: [
      'jdoe@myemail.com',
      'a@b',
      'first.last+tag@sub.example.org',
      '"with space"@example.org',
      "o'hara@example.org",
    ],
    invalid: [
      '',
      'jdoe',
      '@example.org',
      'jdoe@',
      'a b@example.org',
      '.a@example.org',
      'a..b@example.org',
      'a@-b.org',
      'a@b..org',
      'a@b@c',
      `${'a'.repeat(65)}@b`,
      'jdoe@exämple.org',
    ],
  },
  {
    scalar: awsUrl,
    expected: 'a valid URL',
    valid: [
      'https://www.amazon.com/dp/B000NZW3FE/',
      'http://localhost:8080',
      'mailto:example@example.com',
      'ftp://host/a/b',
      'https://example.org/a?next=https://other.org//x#top',
      'HTTPS://EXAMPLE.ORG',
    ],
    invalid: [
      '',
      'www.amazon.com',
      '//host/path',
      'https://',
      'https:/host',
      'https:host',
      'https://host//twice',
      'https://host/a b',
      'https://host/<a>',
      'https://[::1',
      'https://höst',
    ],
  },
  {
    scalar: awsPhone,
    expected: 'a valid phone number',
    valid: [
      '+19999999999',
      '2065550100',
      '206-555-0100',
      '1 206 555 0100',
      '+1 206-555-0100',
      '+44 20 7946 0958',
      '+4930123456',
    ],
    invalid: [
      '',
      '1110004444',
      '555-0100',
      '206--555-0100',
      '206 -555 0100',
      '-2065550100',
      '(206) 555-0100',
      '+0123456789',
      '+1234567890123456',
      '+44',
      '206.555.0100',
      '2065550100 ',
    ],
  },
  {
    scalar: awsIpAddress,
    expected: 'a valid IP address',
    valid: ['127.0.0.1', '192.168.0.0/16', '0.0.0.0/0', '::1', '2001:db8::/32', '::ffff:10.0.0.1/128'],
    invalid: [
      '',
      '256.0.0.1',
      '1.2.3',
      '1.2.3.4/33',
      '1.2.3.4/',
      '1.2.3.4/08',
      '::1/129',
      '[::1]',
      'fe80::1%eth0',
      '1.2.3.4/-1',
      'localhost',
    ],
  },
];

describe.each(texts)('$scalar.name', ({ scalar, expected, valid, invalid }) => {
  it.each(valid)('should take %j as it is, in and out', (value) => {
    expect(scalar.parseValue(value)).toBe(value);
    expect(scalar.parseLiteral({ kind: Kind.STRING, value })).toBe(value);
    expect(scalar.serialize(value)).toBe(value);
  });

  it.each(invalid)('should refuse %j', (value) => {
    expect(() => scalar.parseValue(value)).toThrow(new GraphQLError(`Unable to parse \`${value}\` as ${expected}.`));
    expect(() => scalar.parseLiteral({ kind: Kind.STRING, value })).toThrow(`as ${expected}.`);
    expect(() => scalar.serialize(value)).toThrow(new GraphQLError(`Unable to serialize \`${value}\` as ${expected}.`));
  });

  it.each([12, true, null, ['a'], { a: 1 }])('should refuse %j, which is no text', (value) => {
    expect(() => scalar.parseValue(value)).toThrow(`Unable to parse \`${JSON.stringify(value)}\` as ${expected}.`);
    expect(() => scalar.parseLiteral({ kind: Kind.INT, value: '12' })).toThrow(
      `Unable to parse \`12\` as ${expected}.`,
    );
  });

  it('should judge a long hostile text in linear time', () => {
    const started = performance.now();
    for (const piece of ['a', '1', '.', '-', ' 1', 'a.', '1 ', ':', '/', '\\"']) {
      const text = `"${piece.repeat(1_000_000)}`;
      expect(() => scalar.parseValue(text)).toThrow(GraphQLError);
      expect(() => scalar.parseValue(text.slice(1))).toThrow(GraphQLError);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('AWSTimestamp', () => {
  it.each([0, 1_800_000_000, -1])('should take %d', (value) => {
    expect(awsTimestamp.parseValue(value)).toBe(value);
    expect(awsTimestamp.parseLiteral({ kind: Kind.INT, value: String(value) })).toBe(value);
    expect(awsTimestamp.serialize(value)).toBe(value);
  });

  it.each([1.5, '1800000000', null, 2 ** 53, Number.NaN])('should refuse %j', (value) => {
    expect(() => awsTimestamp.parseValue(value)).toThrow('as a valid timestamp.');
    expect(() => awsTimestamp.serialize(value)).toThrow('as a valid timestamp.');
  });

  it('should refuse a literal that is no whole number', () => {
    expect(() => awsTimestamp.parseLiteral({ kind: Kind.FLOAT, value: '1.5' })).toThrow(
      'Unable to parse `1.5` as a valid timestamp.',
    );
  });
});

describe('AWSJSON', () => {
  it.each([
    ['{"a":[1,null,"x"]}', { a: [1, null, 'x'] }],
    ['"text"', 'text'],
    ['12.5', 12.5],
    ['null', null],
    [' [] ', []],
  ])('should give resolvers what %j holds', (text, value) => {
    expect(awsJson.parseValue(text)).toEqual(value);
    expect(awsJson.parseLiteral({ kind: Kind.STRING, value: text })).toEqual(value);
  });

  it.each(['', 'meow', '{a: 1}', "{'a': 1}", '{"a":1}}'])('should refuse %j', (text) => {
    expect(() => awsJson.parseValue(text)).toThrow(new GraphQLError(`Unable to parse \`${text}\` as valid JSON.`));
  });

  it('should refuse an object that is not in a text', () => {
    expect(() => awsJson.parseValue({ a: 1 })).toThrow('Unable to parse `{"a":1}` as valid JSON.');
    expect(() => awsJson.parseLiteral({ kind: Kind.OBJECT, fields: [] })).toThrow(
      'Unable to parse `{}` as valid JSON.',
    );
  });

  it.each([
    [{ a: [1, null] }, '{"a":[1,null]}'],
    [[1, 2], '[1,2]'],
    [12, '12'],
    [false, 'false'],
    ['meow', '"meow"'],
    ['{"already":"json"}', '{"already":"json"}'],
  ])('should write %j as the text %j', (value, text) => {
    expect(awsJson.serialize(value)).toBe(text);
  });

  it('should refuse a result that JSON cannot say', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;

    expect(() => awsJson.serialize(cycle)).toThrow('Unable to serialize `object` as valid JSON.');
    expect(() => awsJson.serialize(1n)).toThrow('Unable to serialize `bigint` as valid JSON.');
  });
});

it('should repeat no more than the beginning of a long refused value', () => {
  expect(() => awsDate.parseValue('x'.repeat(10_000))).toThrow(
    new GraphQLError(`Unable to parse \`${'x'.repeat(200)}…\` as a valid date.`),
  );
});
