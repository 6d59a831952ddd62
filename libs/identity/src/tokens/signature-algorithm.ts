/** What a public key must be for an algorithm: a JSON Web Key's `kty`, and its `crv` where the type has curves. */
interface KeyKind {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  readonly crv?: string;
}

/**
 * The algorithms that sign tokens we take, with the kind of key that belongs to each (RFC 7518 section 3.1, RFC 8037).
 *
 * HS256, HS384 and HS512 are missing on purpose, although AppSync names them: their key signs as well as it verifies, so a key
 * set that everybody may read would let everybody sign. So is `none`.
 */
const keyKinds = Object.freeze({
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
} satisfies Record<string, KeyKind>);

export type SignatureAlgorithm = keyof typeof keyKinds;

/** All of them, for issuers that may choose. */
export const signatureAlgorithms = Object.freeze(Object.keys(keyKinds)) as readonly SignatureAlgorithm[];

/** The algorithms that a key of this kind can verify; none for other kinds. */
export function algorithmsOf(kty: unknown, crv: unknown): readonly SignatureAlgorithm[] {
  return signatureAlgorithms.filter((name) => {
    const kind: KeyKind = keyKinds[name];
    return kind.kty === kty && (kind.crv === undefined || kind.crv === crv);
  });
}
