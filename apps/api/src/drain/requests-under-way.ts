import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { RequestError } from '#libs/protocol';

/**
 * Requests that are not answered yet, and operations that are still executed although their client is gone: what a mutation has begun it
 * shall finish, its events among it. Knows when there are none, and refuses new ones when the process stops.
 */
@Injectable()
export class RequestsUnderWay {
  private unanswered = 0;
  private executing = 0;
  private state: 'open' | 'leaving' | 'closed' = 'open';
  private whenNone: (() => void) | undefined;
  private readonly answered = (): void => {
    this.unanswered -= 1;
    this.tellIfNone();
  };

  /** Requests, whether somebody waits for their answer or not. */
  get count(): number {
    return Math.max(this.unanswered, this.executing);
  }

  /** Counts the requests of an HTTP server from here on: to be called before the server is ready. */
  attach(fastify: Pick<FastifyInstance, 'addHook'>): void {
    fastify.addHook('onRequest', (_request, reply, done) => {
      this.unanswered += 1;
      // Of answers that nobody was left to read, too.
      reply.raw.once('close', this.answered);
      done(
        this.state === 'closed'
          ? new RequestError('OVERLOADED', 'This server stops. Send the request again: another one is there.')
          : undefined,
      );
    });
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      // A connection that is kept would bring the next request here, whatever the load balancer thinks.
      if (this.state !== 'open') void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /** Executes something that must be finished. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.executing += 1;
    try {
      return await work();
    } finally {
      this.executing -= 1;
      this.tellIfNone();
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

  private tellIfNone(): void {
    if (this.count === 0) this.whenNone?.();
  }
}
