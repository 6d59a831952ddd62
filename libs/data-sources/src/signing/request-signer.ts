import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { createDictionary } from '#libs/protocol';

/** Access keys, or where to get them each time a request is signed. */
export type AwsCredentials = SigningKeys | (() => Promise<SigningKeys>);

export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** AppSync's `awsIamConfig` of a data source, with the credentials to sign with. */
export interface SigningOptions {
  /** Region in the signature's scope, e.g. `eu-central-1`. */
  readonly signingRegion: string;
  /** Service in the signature's scope, e.g. `es`, `states`, `execute-api`. */
  readonly signingServiceName: string;
  /** Default: AWS's chain (environment, shared files, container and instance roles, web identity). */
  readonly credentials?: AwsCredentials;
}

/** A request whose headers are complete except for the signature. */
export interface UnsignedRequest {
  readonly method: string;
  /** Path and query are signed as they stand here, so they must be sent like this. */
  readonly url: URL;
  /** Names in lower case, without `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** Signs requests for one service of AWS. Rejects with the credential chain's error when there are no credentials. */
export interface RequestSigner {
  /**
   * The request's headers with AWS Signature Version 4 among them: `authorization`, `x-amz-date`, `x-amz-content-sha256`
   * and, for temporary credentials, `x-amz-security-token`. What the request had under these names is replaced.
   */
  sign(request: UnsignedRequest): Promise<Record<string, string>>;
}

export function createRequestSigner({
  signingRegion,
  signingServiceName,
  credentials = defaultProvider(),
}: SigningOptions): RequestSigner {
  const signature = new SignatureV4({
    region: signingRegion,
    service: signingServiceName,
    credentials,
    sha256: Sha256,
    // S3 alone takes the path as it is; every other service expects it escaped once more.
    uriEscapePath: signingServiceName !== 's3',
  });
  return {
    async sign({ method, url, headers, body }) {
      const signed = await signature.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: readQuery(url),
        headers: { ...without(headers, 'x-amz-content-sha256'), host: url.host },
        body,
      });
      // The host is what the connection is made to, not what a header says.
      return without(signed.headers, 'host');
    },
  };
}

function without(headers: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

/** Names and values of the query, each with all of its values. */
function readQuery(url: URL): Record<string, string[]> {
  const query = createDictionary<string[]>();
  for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
  return query;
}
