import { Catch, Injectable, NotFoundException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { errors } from '#libs/protocol';

const message =
  'This is a WebSocket address. Connect to /graphql/realtime with the subprotocol graphql-transport-ws or graphql-ws (AppSync). ' +
  'Queries and mutations are served by the api.';

/**
 * Answers HTTP requests to the gateway for paths that it has nothing on: 426, in AppSync's shape. For the gateway as a process
 * of its own; beside the api in one process, the api answers.
 */
@Catch(NotFoundException)
@Injectable()
export class UpgradeRequiredFilter implements ExceptionFilter {
  catch(_error: NotFoundException, host: ArgumentsHost): void {
    const { errorType } = errors.BAD_REQUEST;
    void host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .status(426)
      .headers({ upgrade: 'websocket', connection: 'Upgrade', 'x-amzn-errortype': errorType })
      .header('content-type', 'application/json; charset=utf-8')
      .send({ errors: [{ errorType, message }] });
  }
}
