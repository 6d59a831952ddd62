import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Authenticator, Identity } from '#libs/identity';
import type { Metrics } from '#libs/observability';
import { RequestError } from '#libs/protocol';
import { AUTHENTICATOR, METRICS } from '../tokens.js';
import { credentialsOf } from './credentials-of.js';

/** A request after the guard: who it is stands in `identity`, and where it came from in `sourceIp`. */
export interface AuthorisedRequest extends FastifyRequest {
  identity: Identity;
  sourceIp: readonly string[];
}

/** Lets a request in when its credentials are good, and refuses it with a RequestError otherwise: what the gateway asks, too. */
@Injectable()
export class RequestGuard implements CanActivate {
  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthorisedRequest>();
    try {
      const credentials = credentialsOf(request);
      request.identity = await this.authenticator.authenticate(credentials);
      request.sourceIp = credentials.sourceIp;
    } catch (error) {
      if (error instanceof RequestError) this.metrics.authRefusals.inc({ code: error.code });
      throw error;
    }
    return true;
  }
}
