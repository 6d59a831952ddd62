import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SubscribeArguments } from '../arguments.js';
import { accessKeyOf, credentialText } from '../dev-credentials.js';
import type { DevFile, LocalKeyPair } from '../dev-file.js';

/**
 * The header object of a handshake (`/connect`, `{}`) or of a `start` (no path, the text of its data): what a signature covers is
 * different, tokens are the same.
 */
export type Authorize = (path: '/connect' | '', body: string) => Promise<Readonly<Record<string, string>>>;

/** How whoever subscribes says who it is. Throws a StartError when there are no such credentials. */
export async function authorization(
  dev: DevFile,
  { kind, as: username, password }: Pick<SubscribeArguments, 'kind' | 'as' | 'password'>,
): Promise<Authorize> {
  if (kind === 'iam') return signing(dev.graphqlUrl, accessKeyOf(dev, username));
  const text = await credentialText(dev, { kind, username, password });
  const headers = { host: new URL(dev.graphqlUrl).host, [kind === 'api-key' ? 'x-api-key' : 'Authorization']: text };
  return () => Promise.resolve(headers);
}

/** Any region will do here; Amplify and the SDKs name one as well. */
const region = 'us-west-2';

function signing(graphqlUrl: string, credentials: LocalKeyPair): Authorize {
  const signer = new SignatureV4({ credentials, region, service: 'appsync', sha256: Sha256 });
  const { protocol, host, hostname, pathname } = new URL(graphqlUrl);
  return async (path, body) => {
    const headers = { host, 'content-type': 'application/json; charset=UTF-8' };
    const signed = await signer.sign({
      method: 'POST',
      protocol,
      hostname,
      path: `${pathname}${path}`,
      headers,
      body,
    });
    return signed.headers;
  };
}
