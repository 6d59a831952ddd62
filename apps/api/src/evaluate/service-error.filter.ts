import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequestError } from '#libs/protocol';

/** Answers refused calls of an AWS service API as the SDKs read them: the type in a header, the message in the body. */
@Catch(RequestError)
export class ServiceErrorFilter implements ExceptionFilter<RequestError> {
  catch({ status, errorType, message }: RequestError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply
      .status(status)
      .header('x-amzn-errortype', errorType)
      .header('content-type', 'application/json; charset=utf-8')
      .send({ message });
  }
}
