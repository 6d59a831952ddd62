import type { LambdaAuthorizerConfig } from '#libs/api-definition';
import { createLambdaInvoker } from '#libs/data-sources';
import type { LambdaInvokerSettings } from '#libs/data-sources';
import { createLambdaVerifier } from '#libs/identity';
import type { LambdaVerifierOptions, Verifier } from '#libs/identity';

export interface AuthoriserSettings {
  /** Address of a service that speaks Lambda's API but is not AWS's. Default: AWS, in the function's region. */
  readonly lambdaEndpoint?: string | undefined;
  /** Credentials for Lambda. Default: the AWS SDK's own chain. */
  readonly lambdaCredentials?: LambdaInvokerSettings['credentials'];
  /** Of the schema: a denied field of an interface is denied on every type that has it. Default: there are no interfaces. */
  readonly implementationsOf?: LambdaVerifierOptions['implementationsOf'];
  /** Of the schema: whether a type has the field. Default: it has all. */
  readonly hasField?: LambdaVerifierOptions['hasField'];
  /** Longest wait for an answer, in milliseconds. Default 10,000, AppSync's limit. A function in a file that takes longer is killed. */
  readonly timeoutMs?: number;
  /** Takes what a function in a file prints; it may print whatever it was sent. Default: nowhere. */
  readonly log?: LambdaInvokerSettings['log'];
  /** Told of what is the function's fault; holds no token. Default: nobody. */
  readonly onFault?: LambdaVerifierOptions['onFault'];
}

/** The Lambda authoriser of an API. */
export interface Authoriser {
  readonly verifier: Verifier;
  /** Gives back connections and ends a function in a file. Call it when no request is under way any more. */
  close(): Promise<void>;
}

/**
 * Makes the Lambda authoriser of the API with this name, run as the function of a Lambda data source is. Nothing is asked yet.
 *
 * @throws RangeError for a place where no function can be
 */
export function createAuthoriser(
  config: LambdaAuthorizerConfig,
  apiName: string,
  settings: AuthoriserSettings = {},
): Authoriser {
  const { lambdaEndpoint, lambdaCredentials, implementationsOf, hasField, timeoutMs = 10_000, log, onFault } = settings;
  const invoker = createLambdaInvoker(config.authorizer, {
    endpoint: lambdaEndpoint,
    credentials: lambdaCredentials,
    timeoutMs,
    log,
  });
  const verifier = createLambdaVerifier({
    apiId: apiName,
    implementationsOf,
    hasField,
    invoke: (payload, signal) => invoker.invoke({ payload, invocationType: 'RequestResponse', signal }),
    ttlMs: config.authorizerResultTtlInSeconds * 1000,
    identityValidationExpression: config.identityValidationExpression ?? undefined,
    timeoutMs,
    onFault,
  });
  return { verifier, close: () => invoker.close() };
}
