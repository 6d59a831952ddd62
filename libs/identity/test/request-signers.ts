import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { signRequest } from '@aws-amplify/core/internals/aws-client-utils';

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface RequestToSign {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SigningScope {
  readonly key: SigningKey;
  readonly region: string;
  /** Default `appsync`. */
  readonly service?: string;
  /** Default: now. */
  readonly at?: Date;
  /** Headers that are sent without being signed. Heeded by the SDK's signer. */
  readonly leaveOut?: readonly string[];
}

/** The headers of a request, signed. */
export type SignRequest = (request: RequestToSign, scope: SigningScope) => Promise<Readonly<Record<string, string>>>;

/** The signer of AWS's SDK, used as its readers use it: the query taken apart, the host among the headers. */
export const signWithSdk: SignRequest = async ({ method, url, headers = {}, body }, scope) => {
  const { protocol, hostname, host, pathname, searchParams } = new URL(url);
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  const { key: credentials, region, service = 'appsync', at = new Date(), leaveOut = [] } = scope;
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const request = { method, protocol, hostname, path: pathname, query, headers: { host, ...headers }, body };
  const signed = await signer.sign(request, { signingDate: at, unsignableHeaders: new Set(leaveOut) });
  return signed.headers;
};

/** The signer that Amplify has of its own. */
export const signWithAmplify: SignRequest = (request, scope) => {
  const { key: credentials, region: signingRegion, service: signingService = 'appsync', at = new Date() } = scope;
  const signed = signRequest(
    { ...request, headers: { ...request.headers }, url: new URL(request.url) },
    { credentials, signingRegion, signingService, signingDate: at },
  );
  return Promise.resolve(signed.headers);
};

/** What Amplify puts into a handshake (`/connect`, `{}`) or a `start` (empty path, `payload.data`), by the very code that it runs. */
export async function amplifyRealtimeHeaders(
  input: { readonly endpoint: string; readonly canonicalUri: '' | '/connect'; readonly payload: string },
  { key, region }: SigningScope,
): Promise<unknown> {
  const file = 'node_modules/@aws-amplify/api-graphql/dist/esm/Providers/AWSWebSocketProvider/authHeaders.mjs';
  const provider = (await import(pathToFileURL(path.resolve(file)).href)) as {
    awsRealTimeHeaderBasedAuth(options: object, context: object): Promise<unknown>;
  };
  const { endpoint: appSyncGraphqlEndpoint, canonicalUri, payload } = input;
  const options = { authenticationType: 'iam', appSyncGraphqlEndpoint, canonicalUri, payload, region };
  const context = { fetchAuthSession: () => Promise.resolve({ credentials: key }) };
  return provider.awsRealTimeHeaderBasedAuth(options, context);
}
