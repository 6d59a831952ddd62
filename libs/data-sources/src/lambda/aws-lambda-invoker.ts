import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { InvokeCommandOutput, LambdaClientConfig } from '@aws-sdk/client-lambda';

import { withDeadline } from '../deadline.js';
import { AnswerTooLargeError, limitBytes } from './answer-limit.js';
import { toInvokeError } from './aws-lambda-error.js';
import { defaultTimeoutMs, maxPayloadBytes, tooLargeAnswer } from './lambda-invoker.js';
import type { LambdaAnswer, LambdaInvoker } from './lambda-invoker.js';
import { awsRequestHandler } from '../aws-request-handler.js';

export interface AwsLambdaInvokerOptions {
  /** Name or ARN, with or without a version or alias: `createTask`, `arn:aws:lambda:eu-central-1:123456789012:function:createTask:live`. */
  readonly functionName: string;
  /** Default: the ARN's; a mere name needs one. */
  readonly region?: string;
  /** Address of a service that speaks Lambda's API but is not AWS's. Default: the region's. */
  readonly endpoint?: string;
  /** Default: AWS's chain (environment, shared files, container and instance roles, web identity). */
  readonly credentials?: LambdaClientConfig['credentials'];
  /** Longest wait for an answer, in milliseconds. Default 30,000. The function's own timeout should be shorter. */
  readonly timeoutMs?: number;
}

/**
 * Runs a function in AWS. It is asked once: a retry of an invocation whose answer was lost would run it twice.
 *
 * @throws RangeError at once when there is no region to be had
 */
export function createAwsLambdaInvoker(options: AwsLambdaInvokerOptions): LambdaInvoker {
  const { functionName, timeoutMs = defaultTimeoutMs } = options;
  const client = createClient(options);
  return {
    async invoke({ payload, invocationType, signal }) {
      const command = new InvokeCommand({
        FunctionName: functionName,
        InvocationType: invocationType,
        Payload: Buffer.from(payload),
      });
      try {
        const output = await withDeadline({ timeoutMs, signal }, (abortSignal) =>
          client.send(command, { abortSignal }),
        );
        return toAnswer(output);
      } catch (error) {
        if (error instanceof AnswerTooLargeError) return tooLargeAnswer();
        throw toInvokeError(error) ?? error;
      }
    },
    async close() {
      client.destroy();
    },
  };
}

/** The answer to an `Event` has no payload, which stands for null. */
function toAnswer({ FunctionError, Payload }: InvokeCommandOutput): LambdaAnswer {
  return { kind: FunctionError === undefined ? 'result' : 'failure', payload: Payload?.transformToString() ?? '' };
}

function createClient({
  functionName,
  region = regionOf(functionName),
  endpoint,
  credentials,
}: AwsLambdaInvokerOptions) {
  if (region === undefined) {
    throw new RangeError(`The function "${functionName}" needs a region: its name is no ARN, which would have one.`);
  }
  const client = new LambdaClient({
    region,
    endpoint,
    credentials,
    maxAttempts: 1,
    requestHandler: awsRequestHandler(),
  });
  // Before the client reads the whole answer into memory.
  client.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      limitBytes(output.response, maxPayloadBytes);
      return output;
    },
    { step: 'deserialize', priority: 'low', name: 'limitAnswer' },
  );
  return client;
}

/** `arn:aws:lambda:<region>:<account>:function:<name>`. */
function regionOf(functionName: string): string | undefined {
  return /^arn:[^:]+:lambda:([^:]+):/.exec(functionName)?.[1];
}
