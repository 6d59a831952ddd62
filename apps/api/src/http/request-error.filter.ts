import { Catch, HttpException, HttpStatus, Inject, Injectable } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger, Metrics } from '#libs/observability';
import { RequestError } from '#libs/protocol';
import { LOGGER, METRICS } from '../tokens.js';

/**
 * Answers refused requests as AppSync does: status, `{errors: [{errorType, message}]}`, and the type in a header, which is
 * the only place where Amplify looks for it (docs/reference/errors.md).
 */
@Catch()
@Injectable()
export class RequestErrorFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const refusal = error instanceof RequestError ? error : this.explain(error, request);
    if (refusal.limit !== undefined) this.metrics.limitRefusals.inc({ limit: refusal.limit });
    this.metrics.httpRefusals.inc({ code: refusal.code });
    const reply = http.getResponse<FastifyReply>();
    if (refusal.code === 'THROTTLED' || refusal.code === 'OVERLOADED') void reply.header('retry-after', '1');
    void reply
      .status(error instanceof HttpException ? error.getStatus() : refusal.status)
      .header('x-amzn-errortype', refusal.errorType)
      .header('content-type', 'application/json; charset=utf-8')
      .send({ errors: [{ errorType: refusal.errorType, message: refusal.message }] });
  }

  /** What Nest and Fastify refuse by themselves (a path that is not served, a body over the limit), or a mistake of ours. */
  private explain(error: unknown, { id: requestId, raw, routeOptions, span }: FastifyRequest): RequestError {
    // Gone, or refused for being slow: nobody reads this answer.
    if (raw.destroyed && !raw.complete) return new RequestError('MALFORMED_REQUEST', 'The request did not end.');
    if (error instanceof HttpException) {
      if (error.getStatus() !== Number(HttpStatus.PAYLOAD_TOO_LARGE))
        return new RequestError('MALFORMED_REQUEST', withoutQuery(error.message));
      const message = `Request body is too large. At most ${routeOptions.bodyLimit} bytes are allowed.`;
      return new RequestError('MALFORMED_REQUEST', message, { limit: 'MAX_BODY_BYTES' });
    }
    this.logger.error({ err: error, requestId, traceId: span?.traceId }, 'A request failed in a way nobody expected');
    return new RequestError(
      'INTERNAL_FAILURE',
      `An internal failure occurred. The log has it under request ${requestId}.`,
    );
  }
}

/** Nest quotes the address that is not served. Its query may hold a token, and clients log what they are answered. */
function withoutQuery(message: string): string {
  return message.replace(/\?\S*/, '');
}
