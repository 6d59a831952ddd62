import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { collectSecret } from '#libs/testing';

/** What credentials are for: over HTTP the request itself, over a WebSocket what the reference says is signed in its place. */
export interface RequestToSign {
  readonly path: '/graphql' | '/graphql/connect' | '/graphql/stream';
  readonly body: string;
}

export type Headers = Readonly<Record<string, string>>;

/** Somebody who can prove who they are in one of the modes. */
export interface Caller {
  /** The headers that prove it for a request. A signature is good for this request only, the others for any. */
  headersFor(request: RequestToSign): Promise<Headers>;
}

/** What a client signs to open a WebSocket, and sends with the handshake or in `connection_init`. */
export const connectToSign: RequestToSign = { path: '/graphql/connect', body: '{}' };

/** A caller whose credentials are the same for every request. */
export function bearerOf(headers: Headers): Caller {
  return { headersFor: async () => headers };
}

/** A caller who signs each request by the signer of AWS's SDK. */
export function signerOf(key: { readonly accessKeyId: string; readonly secretAccessKey: string }, url: string): Caller {
  const signer = new SignatureV4({ credentials: key, region: 'us-west-2', service: 'appsync', sha256: Sha256 });
  const { protocol, hostname, host } = new URL(url);
  return {
    async headersFor({ path, body }) {
      const request = { method: 'POST', protocol, hostname, path, headers: { host }, body };
      const signed = await signer.sign(request);
      collectSecret(signed.headers['authorization']!.split('Signature=')[1]!);
      return signed.headers;
    },
  };
}
