import { Catch, HttpException, HttpStatus, Inject, Injectable } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#libs/observability';
import { RequestError } from '#libs/protocol';
import { LOGGER } from '../tokens.js';
import { bodyLimitBytes } from './http-adapter.js';

const tooLarge = `Request body is too large. At most ${bodyLimitBytes} bytes are allowed.`;

/**
 * Answers refused requests as AppSync does: status, `{errors: [{errorType, message}]}`, and the type in a header, which is
 * the only place where Amplify looks for it (docs/reference/errors.md).
 */
@Catch()
@Injectable()
export class RequestErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const refusal = error instanceof RequestError ? error : this.explain(error, http.getRequest<FastifyRequest>().id);
    void http
      .getResponse<FastifyReply>()
      .status(error instanceof HttpException ? error.getStatus() : refusal.status)
      .header('x-amzn-errortype', refusal.errorType)
      .header('content-type', 'application/json; charset=utf-8')
      .send({ errors: [{ errorType: refusal.errorType, message: refusal.message }] });
  }

  /** What Nest and Fastify refuse by themselves (a path that is not served, a body over the limit), or a mistake of ours. */
  private explain(error: unknown, requestId: string): RequestError {
    if (error instanceof HttpException) {
      const isTooLarge = error.getStatus() === Number(HttpStatus.PAYLOAD_TOO_LARGE);
      return new RequestError('MALFORMED_REQUEST', isTooLarge ? tooLarge : error.message);
    }
    this.logger.error({ err: error, requestId }, 'A request failed in a way nobody expected');
    return new RequestError(
      'INTERNAL_FAILURE',
      `An internal failure occurred. The log has it under request ${requestId}.`,
    );
  }
}
