import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { askingOnce } from '../aws-connection.js';
import type { AwsConnection } from '../aws-connection.js';
import { limitBytes } from '../lambda/answer-limit.js';

/** The part of AWS's client that a data source uses; a `BedrockRuntimeClient` is one. */
export type BedrockClientLike = Pick<BedrockRuntimeClient, 'send' | 'destroy'>;

/**
 * Creates a client for the models of one region. Each request is sent once: a model that is asked twice is paid twice. An answer of more
 * than `maxResponseBytes` is not read to its end.
 */
export function createBedrockClient(connection: AwsConnection, maxResponseBytes: number): BedrockRuntimeClient {
  const { requestHandler, ...options } = askingOnce(connection);
  // HTTP/2, this client's default, is for streams; services of one's own seldom speak it without TLS.
  const client = new BedrockRuntimeClient({ ...options, requestHandler: new NodeHttpHandler(requestHandler) });
  client.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      limitBytes(output.response, maxResponseBytes);
      return output;
    },
    { step: 'deserialize', priority: 'low', name: 'limitAnswer' },
  );
  return client;
}
