import { randomUUID } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { explainRealtimePath } from './realtime-elsewhere.js';

/** Largest body of a request, in bytes. AppSync documents none; its templates' evaluated size is 5 MB. */
export const bodyLimitBytes = 1_048_576;

/**
 * The HTTP server under Nest. Bodies reach the controller as text, whatever their content type, because what is wrong with
 * one is answered in AppSync's words. Every answer, a refusal too, names the request's id, under which the log has it.
 * Create the Nest application with `bodyParser: false`.
 */
export function createHttpAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({ bodyLimit: bodyLimitBytes, genReqId: () => randomUUID() });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-amzn-requestid', request.id);
    done();
  });
  explainRealtimePath(fastify);
  return adapter;
}

/** What a browser's Amplify client sends and must be able to read (AppSync's endpoint allows every origin). */
export const corsOptions = Object.freeze({
  origin: '*',
  methods: ['GET', 'POST', 'OPTIONS'],
  exposedHeaders: ['x-amzn-requestid', 'x-amzn-errortype'],
  maxAge: 86_400,
});
