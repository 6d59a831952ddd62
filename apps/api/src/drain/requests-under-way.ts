import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { RequestError } from '#libs/protocol';

/**
 * Requests that are not answered yet, and operations that are still executed although their client is gone: what a mutation has begun it
 * shall finish, its events among it. Knows when there are none, and refuses new ones when the process stops.
 */
@Injectable()
export class RequestsUnderWay {
  private count = 0;
  private state: 'open' | 'leaving' | 'closed' = 'open';
  private whenNone: (() => void) | undefined;
  private readonly leave = (): void => {
    this.count -= 1;
    if (this.count === 0) this.whenNone?.();
  };

  /** Counts the requests of an HTTP server from here on: to be called before the server is ready. */
  attach(fastify: Pick<FastifyInstance, 'addHook'>): void {
    fastify.addHook('onRequest', (_request, reply, done) => {
      this.count += 1;
      // Told of answers that nobody was left to read, too.
      reply.raw.once('close', this.leave);
      // A connection that is kept would bring the next request here, whatever the load balancer thinks.
      if (this.state !== 'open') void reply.header('connection', 'close');
      done(
        this.state === 'closed'
          ? new RequestError('OVERLOADED', 'This server stops. Send the request again: another one is there.')
          : undefined,
      );
    });
  }

  /** Executes something that must be finished. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.count += 1;
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** Answers say from here on that their connection is not kept. */
  beginToLeave(): void {
    this.state = 'leaving';
  }

  /** Refuses whatever comes from here on, and waits until there is nothing under way, at most `withinMs`. Gives what still is. */
  async finish(withinMs: number): Promise<number> {
    this.state = 'closed';
    if (this.count === 0) return 0;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.whenNone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return this.count;
  }
}
