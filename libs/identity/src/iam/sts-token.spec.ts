import { describe, expect, it } from 'vitest';
import { readStsToken } from './sts-token.js';

const question = new URLSearchParams({
  Action: 'GetCallerIdentity',
  Version: '2011-06-15',
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Date': '20261122T104500Z',
  'X-Amz-Expires': '900',
  'X-Amz-SignedHeaders': 'host;x-starling-api',
  'X-Amz-Signature': '00',
});
const proofFor = (address: string) =>
  `starling-sts.${Buffer.from(`${address}?${question.toString()}`).toString('base64url')}`;

describe('a proof by STS', () => {
  it.each([
    'https://sts.amazonaws.com/',
    'https://sts.us-east-1.amazonaws.com/',
    'https://sts.ap-southeast-2.amazonaws.com/',
    'https://sts.us-gov-west-1.amazonaws.com/',
    'https://sts.cn-north-1.amazonaws.com.cn/',
  ])('should be read when its address is %s', (address) => {
    expect(readStsToken(proofFor(address), null)).toEqual({
      url: `${address}?${question.toString()}`,
      signedAtMs: Date.parse('2026-11-22T10:45:00Z'),
      expiresAtMs: Date.parse('2026-11-22T11:00:00Z'),
    });
  });
});
