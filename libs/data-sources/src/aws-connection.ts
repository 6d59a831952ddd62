import { awsRequestHandler } from './aws-request-handler.js';
import type { AwsCredentials } from './signing/request-signer.js';

/** Where a service of AWS is, and as whom it is asked. */
export interface AwsConnection {
  /** AWS region, e.g. `eu-central-1`. With an `endpoint` of your own any name will do. */
  readonly region: string;
  /** Address of a service that speaks the same API but is not AWS's, e.g. `http://dynamodb:8000`. Default: the region's. */
  readonly endpoint?: string | undefined;
  /** Default: AWS's chain (environment, shared files, container and instance roles, web identity). */
  readonly credentials?: AwsCredentials | undefined;
}

/** The same, where a request whose answer was lost is sent again. */
export interface RepeatingAwsConnection extends AwsConnection {
  /** Longest wait for one attempt, in milliseconds. Default 8000: three attempts end within AppSync's 30 s for a request. */
  readonly requestTimeoutMs?: number | undefined;
}

/** Attempts per request, the first included, where a repeated request does no harm. Three is AWS's default for a client. */
const maxAttempts = 3;

/** Longest wait for one attempt, in milliseconds, where it is repeated: three attempts end within AppSync's 30 s for a request. */
const attemptTimeoutMs = 8000;

/** Options of an AWS client that sends each request once; how long that may take is for the caller to say. */
export function askingOnce({ region, endpoint, credentials }: AwsConnection) {
  return { region, endpoint, credentials, maxAttempts: 1, requestHandler: awsRequestHandler() };
}

/** Options of an AWS client that sends a request again, three times in all, when there was no answer or none that counts. */
export function askingAgain({ requestTimeoutMs = attemptTimeoutMs, ...connection }: RepeatingAwsConnection) {
  return { ...askingOnce(connection), maxAttempts, requestHandler: awsRequestHandler(requestTimeoutMs) };
}
