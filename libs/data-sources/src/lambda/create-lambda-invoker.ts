import { createAwsLambdaInvoker } from './aws-lambda-invoker.js';
import type { AwsLambdaInvokerOptions } from './aws-lambda-invoker.js';
import { createFileLambdaInvoker } from './file-lambda-invoker.js';
import type { FileLambdaInvokerOptions } from './file-lambda-invoker.js';
import type { LambdaInvoker } from './lambda-invoker.js';
import { createUrlLambdaInvoker } from './url-lambda-invoker.js';

/** Where a function is: in AWS, behind an address, in a file. The same for data sources, authorisers and conflict handlers. */
export type LambdaInvokerTarget =
  | { readonly lambdaFunctionArn: string }
  | { readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly handlerPath: string; readonly environmentVariables: Readonly<Record<string, string>> };

export interface LambdaInvokerSettings {
  /** Address of a service that speaks Lambda's API but is not AWS's; for functions in AWS only. Default: the region's. */
  readonly endpoint?: string | undefined;
  /** For functions in AWS only. Default: AWS's chain. */
  readonly credentials?: AwsLambdaInvokerOptions['credentials'];
  /** Longest wait for an answer, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Takes what a function in a file prints. Default: nowhere. */
  readonly log?: FileLambdaInvokerOptions['log'];
}

/**
 * The way to run the function that is there. Nothing is connected or started until it is asked.
 *
 * @throws RangeError at once for a place where no function can be: a name without region, a URL that is none, a missing file
 */
export function createLambdaInvoker(
  target: LambdaInvokerTarget,
  { endpoint, credentials, timeoutMs, log }: LambdaInvokerSettings,
): LambdaInvoker {
  if ('lambdaFunctionArn' in target) {
    return createAwsLambdaInvoker({ functionName: target.lambdaFunctionArn, endpoint, credentials, timeoutMs });
  }
  if ('url' in target) return createUrlLambdaInvoker({ url: target.url, headers: target.headers, timeoutMs });
  return createFileLambdaInvoker({
    file: target.handlerPath,
    environment: target.environmentVariables,
    timeoutMs,
    log,
  });
}
