/**
 * What happens to the client that meets an error: the HTTP status, the numeric code in AppSync's WebSocket errors, and
 * whether trying again without a change can help.
 */
export interface ErrorDefinition {
  /** Stable name, one anchor each in docs/reference/errors.md. */
  readonly code: string;
  /** The `errorType` on the wire. */
  readonly errorType: string;
  /** HTTP status of the answer, and `errorCode` of AppSync's WebSocket errors. */
  readonly status: number;
  readonly retryable: boolean;
}

function define(code: string, errorType: string, status: number, retryable = false): ErrorDefinition {
  return Object.freeze({ code, errorType, status, retryable });
}

/**
 * Every expected error that is not a GraphQL field error. The one place where an error's wire type and status are chosen;
 * the texts are given where the error is raised, because they name what was wrong.
 */
export const errors = Object.freeze({
  /** No credentials, or credentials that are refused. */
  UNAUTHORIZED: define('UNAUTHORIZED', 'UnauthorizedException', 401),
  /** A body that is no GraphQL request. */
  MALFORMED_REQUEST: define('MALFORMED_REQUEST', 'MalformedHttpRequestException', 400),
  /** A document that is longer, deeper or wider than its API takes. */
  DOCUMENT_LIMIT: define('DOCUMENT_LIMIT', 'DocumentLimitExceeded', 400),
  /** More requests of one client than its share. */
  THROTTLED: define('THROTTLED', 'ThrottlingException', 429, true),
  /** A frame or handshake that breaks the WebSocket protocol. */
  BAD_REQUEST: define('BAD_REQUEST', 'BadRequestException', 400),
  /** A frame type the protocol does not have. */
  UNSUPPORTED_OPERATION: define('UNSUPPORTED_OPERATION', 'UnsupportedOperation', 400),
  /** A subscription id that is in use on the connection. */
  DUPLICATED_OPERATION: define('DUPLICATED_OPERATION', 'DuplicatedOperationError', 400),
  /** More subscriptions on one connection than its limit. */
  MAX_SUBSCRIPTIONS: define('MAX_SUBSCRIPTIONS', 'MaxSubscriptionsReachedError', 400),
  /** A page of an origin that may not call. */
  ORIGIN_NOT_ALLOWED: define('ORIGIN_NOT_ALLOWED', 'ForbiddenException', 403),
  /** More than one client may have: messages of a connection, connections of an address or an identity. */
  LIMIT_EXCEEDED: define('LIMIT_EXCEEDED', 'LimitExceededError', 429, true),
  /** More than this process takes from all clients together. */
  OVERLOADED: define('OVERLOADED', 'ServiceUnavailableException', 503, true),
  /** A query or mutation sent to the gateway. */
  OPERATION_NOT_SUPPORTED: define('OPERATION_NOT_SUPPORTED', 'OperationNotSupported', 400),
  /**
   * An invalidation filter matched: the subscription is over, or does not start while a sticky invalidation lasts. Not an
   * authorization type, so that Amplify's client does not reconnect.
   */
  SUBSCRIPTION_INVALIDATED: define('SUBSCRIPTION_INVALIDATED', 'SubscriptionInvalidated', 410),
  /** The definition of the API was replaced: a field that a subscription selects is gone, or another one. */
  API_CHANGED: define('API_CHANGED', 'ApiChanged', 410),
  /** The event log takes no more: the mutation was refused before it touched a data source. */
  PUBLISH_QUEUE_FULL: define('PUBLISH_QUEUE_FULL', 'PublishQueueFull', 503, true),
  /** A mistake of ours; the log has it under the request id. */
  INTERNAL_FAILURE: define('INTERNAL_FAILURE', 'InternalFailure', 500, true),
});

export type ErrorCode = keyof typeof errors;

export interface RequestErrorOptions extends ErrorOptions {
  /** The setting whose limit was passed, where one was. Refusals are counted under its name. */
  readonly limit?: string;
}

/** An expected error of the registry, raised where a request, a handshake or a frame is refused. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly definition: ErrorDefinition;
  /** The setting whose limit was passed (docs/reference/limits.md); undefined for other refusals. */
  readonly limit: string | undefined;

  constructor(code: ErrorCode, message: string, options?: RequestErrorOptions) {
    super(message, options);
    this.definition = errors[code];
    this.limit = options?.limit;
  }

  get code(): string {
    return this.definition.code;
  }

  get errorType(): string {
    return this.definition.errorType;
  }

  get status(): number {
    return this.definition.status;
  }
}

/** The texts AppSync gives for refused credentials (AppSync reference, section 9); clients match on them. */
export const unauthorizedTexts = Object.freeze({
  /** No credentials, or of a kind the API does not know. */
  missing: 'Valid authorization header not provided.',
  /** Of a known kind, and refused. */
  refused: 'You are not authorized to make this call.',
  expired: 'Token has expired.',
  unparsable: 'Unable to parse JWT token.',
  /** A signer whose policy allows no field. */
  denied: 'Permission denied',
});
