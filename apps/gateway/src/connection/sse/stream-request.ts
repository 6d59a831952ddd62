import type { IncomingMessage } from 'node:http';
import { emptyBody, parseGraphqlJson, readGraphqlRequest, RequestError, unparsableQuery } from '#libs/protocol';
import type { ErrorCode, GraphqlRequest } from '#libs/protocol';

/** An error of the registry for which HTTP has a status that says it better than the registry's. */
export class HttpRefusal extends RequestError {
  constructor(
    private readonly httpStatus: number,
    code: ErrorCode,
    message: string,
    options?: { readonly limit: string },
  ) {
    super(code, message, options);
  }

  override get status(): number {
    return this.httpStatus;
  }
}

/** The client has gone before its request was there: nobody is left to answer. */
export class RequestAborted extends Error {
  override readonly name = 'RequestAborted';
}

/**
 * The text of a request's body. Throws a RequestError as soon as it is larger than `maxBytes`; the rest is not read then, and the
 * socket is good for nothing else. Throws RequestAborted when the client goes.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Node keeps the request as long as the response: nothing of its body may hang on it.
    const settle = (): void => void request.off('data', onData).off('end', onEnd).off('close', onGone);
    const onData = (data: Buffer): void => {
      bytes += data.length;
      chunks.push(data);
      if (bytes <= maxBytes) return;
      settle();
      request.pause();
      const message = `Request body is too large. At most ${maxBytes} bytes are allowed.`;
      reject(new HttpRefusal(413, 'MALFORMED_REQUEST', message, { limit: 'MAX_FRAME_BYTES' }));
    };
    const onEnd = (): void => {
      settle();
      resolve(Buffer.concat(chunks).toString('utf8'));
    };
    const onGone = (): void => {
      settle();
      reject(new RequestAborted());
    };
    request.on('data', onData).on('end', onEnd).on('close', onGone);
    // A close follows.
    request.on('error', ignore);
  });
}

function ignore(): void {}

/** Reads the GraphQL request of a POST: JSON. Throws a RequestError with AppSync's text, which quotes none of it. */
export function parseBody(body: string): GraphqlRequest {
  if (body.trim() === '') throw emptyBody();
  return readGraphqlRequest(parseGraphqlJson(body));
}

/** Reads the GraphQL request of a GET, `variables` as JSON text. Throws a RequestError. */
export function parseQueryString(queryString: string): GraphqlRequest {
  const parameters = new URLSearchParams(queryString);
  const one = (name: string): string | undefined => {
    const [value, ...others] = parameters.getAll(name);
    // Which of several counts is read differently by different readers.
    if (others.length > 0) throw unparsableQuery();
    return value;
  };
  const variables = one('variables');
  return readGraphqlRequest({
    query: one('query'),
    variables: variables === undefined ? undefined : parseGraphqlJson(variables),
    operationName: one('operationName'),
  });
}

const acceptable: ReadonlySet<string> = new Set(['text/event-stream', 'text/*', '*/*']);

/** Whether a client takes an event stream: it says so, or does not say what it takes. */
export function acceptsEventStream(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return acceptable.has(type) && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}
