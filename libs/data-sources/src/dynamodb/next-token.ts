import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

import { FieldError, isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

import { readTypedValue } from './typed-value.js';
import type { Item } from './typed-value.js';
import { encodeBinary } from './untyped-value.js';

/** What a `nextToken` is good for: presented for another resolver or table it is refused. */
export interface TokenBinding {
  readonly tableName: string;
  /** `<type>.<field>`. */
  readonly resolver: string;
}

/** Turns the key a page ended at into a `nextToken` and back. */
export interface NextTokens {
  seal(lastKey: Item, binding: TokenBinding): string;
  /** @throws FieldError for a token that was not sealed with this secret for this binding. */
  open(token: string, binding: TokenBinding): Item;
}

/** First byte of every token; a change of layout raises it, so that old tokens are refused and not misread. */
const version = 1;
/** Sizes in bytes, as AES-GCM has them. */
const ivBytes = 12;
const tagBytes = 16;
/** Shortest secret that is accepted, in bytes: 128 bits if they are random. */
const minSecretBytes = 16;

/**
 * Tokens are AES-256-GCM texts: a key names attributes and values of the table that the caller may not be allowed to see,
 * and a forged one would start a page anywhere. Table and resolver are authenticated with it.
 *
 * Every pod of an API needs the same secret. IVs are random, so replace the secret before 2^32 pages (a thousand a second
 * for fifty days); clients that page at that moment start over.
 *
 * @param secret key material of at least 16 bytes; the cipher's key is derived from it by HKDF-SHA256
 */
export function createNextTokens(secret: string): NextTokens {
  if (Buffer.byteLength(secret) < minSecretBytes) {
    throw new RangeError(
      `nextTokenSecret needs at least ${minSecretBytes} bytes, but has ${Buffer.byteLength(secret)}`,
    );
  }
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'starling dynamodb nextToken', 32));

  return {
    seal(lastKey, binding) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
      cipher.setAAD(describeBinding(binding));
      const text = Buffer.concat([cipher.update(encodeKey(lastKey), 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(version), iv, cipher.getAuthTag(), text]).toString('base64url');
    },

    open(token, binding) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes[0] !== version || bytes.length < 1 + ivBytes + tagBytes) throw invalidToken();
      const iv = bytes.subarray(1, 1 + ivBytes);
      const tag = bytes.subarray(1 + ivBytes, 1 + ivBytes + tagBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
      decipher.setAAD(describeBinding(binding));
      decipher.setAuthTag(tag);
      const text = decipher.update(bytes.subarray(1 + ivBytes + tagBytes));
      try {
        return decodeKey(Buffer.concat([text, decipher.final()]).toString('utf8'));
      } catch (error) {
        throw invalidToken(error);
      }
    },
  };
}

/** AppSync's type and text, without the Java class name in front. */
function invalidToken(cause?: unknown): FieldError {
  return new FieldError('Invalid pagination token given.', 'DynamoDB:UserIllegalArgumentException', null, null, {
    cause,
  });
}

/** As JSON, so that no two bindings share a text. */
function describeBinding({ tableName, resolver }: TokenBinding): Buffer {
  return Buffer.from(JSON.stringify([tableName, resolver]));
}

/** Key attributes are S, N or B; B is written as documents write it. */
function encodeKey(key: Item): string {
  const entries = Object.entries(key).map(([name, value]) => [
    name,
    value.B === undefined ? value : { B: encodeBinary(value.B) },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

function decodeKey(text: string): Item {
  const key = JSON.parse(text) as JsonValue;
  if (!isJsonObject(key)) throw new TypeError('a sealed key is an object');
  return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, readTypedValue(value, name)]));
}
