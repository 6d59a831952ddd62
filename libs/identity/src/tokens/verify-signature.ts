import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { compactVerify, errors as joseErrors } from 'jose';
import type { RequestError } from '#libs/protocol';
import { refuseToken } from './refuse-token.js';
import type { SignatureAlgorithm } from './signature-algorithm.js';
import type { SigningKey } from './signing-key.js';

/** Digests of the algorithms that are verified here. */
const rsaDigests: Readonly<Partial<Record<SignatureAlgorithm, string>>> = {
  RS256: 'sha256',
  RS384: 'sha384',
  RS512: 'sha512',
};

/** Longest RSA modulus that is verified here, in bits: 60 µs. One of 16,384 would hold up every connection for half a millisecond. */
const maxModulusBits = 4_096;

/**
 * Throws the refusal of a token that this key did not sign, or answers a promise that rejects with it. The token's three parts
 * have their canonical spelling.
 *
 * RSA signatures, which nearly all issuers make, are verified at once: node:crypto takes 19 µs for RS256, and jose 39 in all for a way
 * through libuv's threads, while a storm of reconnecting clients waits for this process. All others go that way: an ES512
 * signature would keep the event loop for a millisecond.
 */
export function verifySignature(
  token: string,
  signature: Buffer,
  { key, modulusBits }: SigningKey,
  algorithm: SignatureAlgorithm,
): Promise<void> | undefined {
  const digest = rsaDigests[algorithm];
  if (digest === undefined || modulusBits === null || modulusBits > maxModulusBits) {
    return verifyElsewhere(token, key, algorithm);
  }
  const signed = Buffer.from(token.slice(0, token.lastIndexOf('.')), 'latin1');
  if (!verify(digest, signed, key, signature)) throw refuseSignature();
  return undefined;
}

async function verifyElsewhere(token: string, key: KeyObject, algorithm: SignatureAlgorithm): Promise<void> {
  try {
    await compactVerify(token, key, { algorithms: [algorithm] });
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) throw refuseSignature();
    throw error;
  }
}

function refuseSignature(): RequestError {
  return refuseToken('The signature of the token does not match it.');
}
