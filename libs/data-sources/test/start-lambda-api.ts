import { startHttpServer } from './start-http-server.js';
import type { ReceivedRequest, TestHttpServer } from './start-http-server.js';

type Handler = (event: unknown, context: object) => Promise<unknown>;

/**
 * Starts a server that answers invocations as Lambda's API does, at any path: it runs `functions/behave.mjs` with the body as
 * the event, at once for `Event` ones.
 */
export async function startLambdaApi(): Promise<TestHttpServer> {
  const { handler } = (await import(new URL('./functions/behave.mjs', import.meta.url).href)) as { handler: Handler };
  const run = async ({ body }: ReceivedRequest) => handler(JSON.parse(body), { getRemainingTimeInMillis: () => 3000 });

  return startHttpServer(async (response, request) => {
    response.setHeader('content-type', 'application/json');
    if (request.headers['x-amz-invocation-type'] === 'Event') {
      run(request).catch(() => undefined);
      return response.writeHead(202).end();
    }
    try {
      response.end(JSON.stringify((await run(request)) ?? null));
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      const failure = { errorType: name, errorMessage: message, trace: [`at host-7 /var/task/index.mjs`] };
      response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end(JSON.stringify(failure));
    }
  });
}
