import { Catch, HttpException, Inject, Injectable } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Logger } from '#libs/observability';
import { RequestError } from '#libs/protocol';
import { LOGGER } from '../tokens.js';

/**
 * Answers refused requests as AppSync does: status, `{errors: [{errorType, message}]}`, and the type in a header, which is
 * the only place where Amplify looks for it (docs/reference/errors.md).
 */
@Catch()
@Injectable()
export class RequestErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refusal = error instanceof RequestError ? error : this.explain(error);
    void reply
      .status(error instanceof HttpException ? error.getStatus() : refusal.status)
      .header('x-amzn-errortype', refusal.errorType)
      .header('content-type', 'application/json; charset=utf-8')
      .send({ errors: [{ errorType: refusal.errorType, message: refusal.message }] });
  }

  private explain(error: unknown): RequestError {
    if (error instanceof HttpException) return new RequestError('BAD_REQUEST', error.message);
    this.logger.error({ err: error }, 'A request failed in a way nobody expected');
    return new RequestError('INTERNAL_FAILURE', 'An internal failure occurred.');
  }
}
