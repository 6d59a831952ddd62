import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { createAuthenticator } from '#libs/identity';
import type { Authenticator, CognitoVerifier, Identity, Verifier } from '#libs/identity';
import { RequestError, unauthorizedTexts } from '#libs/protocol';
import { VERIFIERS } from '../tokens.js';
import { createBearerStrategy } from './bearer-strategy.js';
import type { BearerRequest } from './bearer-strategy.js';
import { credentialsOf } from './credentials-of.js';

/** A request after the guard: who it is stands in `identity`. */
export interface AuthorisedRequest extends FastifyRequest {
  identity: Identity;
}

const bearer = 'bearer';

/**
 * Lets a request in when its credentials are good, and refuses it with a RequestError otherwise. Bearer tokens go through
 * Passport's JWT strategy, everything else straight to its verifier.
 */
@Injectable()
export class RequestGuard implements CanActivate {
  // An instance of its own: the strategies of Passport's shared one would be overwritten by a second api in the process.
  private readonly passport = new passport.Passport();
  private readonly authenticator: Authenticator;
  private readonly userPools: readonly CognitoVerifier[];

  constructor(@Inject(VERIFIERS) verifiers: readonly Verifier[]) {
    this.authenticator = createAuthenticator(verifiers);
    this.userPools = verifiers.filter(
      (verifier): verifier is CognitoVerifier => verifier.mode === 'AMAZON_COGNITO_USER_POOLS',
    );
    this.passport.use(bearer, createBearerStrategy());
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthorisedRequest>();
    const credentials = credentialsOf(request);
    const pool =
      credentials.headers['x-api-key'] === undefined
        ? this.userPools.find((candidate) => candidate.claims(credentials))
        : undefined;
    request.identity = pool
      ? await this.authenticateBearer({ credentials, pool })
      : await this.authenticator.authenticate(credentials);
    return true;
  }

  private authenticateBearer(request: BearerRequest): Promise<Identity> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, identity: unknown, info: unknown): void => {
        if (identity) resolve(identity as Identity);
        else reject(toRefusal(error ?? info));
      };
      const handle = this.passport.authenticate(bearer, { session: false }, done) as (...args: unknown[]) => void;
      handle(request, {}, reject);
    });
  }
}

/** Passport hands on our own refusals; whatever else it finds wrong with a token (its signature) is AppSync's plain refusal. */
function toRefusal(error: unknown): Error {
  if (error instanceof RequestError) return error;
  if (error instanceof Error && error.name !== 'JsonWebTokenError') return error;
  return new RequestError('UNAUTHORIZED', unauthorizedTexts.refused);
}
