import { ConverseCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import type { ConverseCommandOutput, InvokeModelCommandOutput } from '@aws-sdk/client-bedrock-runtime';
import type { JsonValue } from '#libs/protocol';

import type { AwsConnection } from '../aws-connection.js';
import { toAwsError } from '../aws-error.js';
import { assertNotCancelled, cancellationOf } from '../cancellation.js';
import type { DataSource } from '../data-source.js';
import { DeadlineError, withDeadline } from '../deadline.js';
import { DocumentReader } from '../document/document-reader.js';
import { AnswerTooLargeError } from '../lambda/answer-limit.js';
import { createBedrockClient } from './bedrock-client.js';
import type { BedrockClientLike } from './bedrock-client.js';
import { readBedrockDocument } from './bedrock-documents.js';
import type { BedrockRequest } from './bedrock-documents.js';
import { bedrockClientError, bedrockService } from './bedrock-error.js';
import { toJson } from './bedrock-result.js';

export interface BedrockDataSourceOptions {
  /**
   * A client, which may serve other data sources too and is left open by `close`; or where the models are, and the data source has a
   * client of its own.
   */
  readonly client: BedrockClientLike | AwsConnection;
  /** Longest wait for a model's answer, in milliseconds. Default 10000, AppSync's. */
  readonly timeoutMs?: number;
  /** Size of an answer, with a client of the data source's own. Default 5 MiB, what AppSync's handlers may evaluate. */
  readonly maxResponseBytes?: number;
}

/** What AppSync gives a model. */
const defaultTimeoutMs = 10_000;

/**
 * `AMAZON_BEDROCK_RUNTIME`: asks models (AppSync reference, section 8.7), by InvokeModel or Converse and without streams. Documents,
 * results and errors are in docs/reference/data-sources.md.
 */
export function createBedrockDataSource({
  client,
  timeoutMs = defaultTimeoutMs,
  maxResponseBytes = 5 * 1024 * 1024,
}: BedrockDataSourceOptions): DataSource {
  const isShared = 'send' in client;
  const bedrock = isShared ? client : createBedrockClient(client, maxResponseBytes);

  async function ask(request: BedrockRequest, signal: AbortSignal | undefined): Promise<BedrockAnswer> {
    try {
      return await withDeadline({ timeoutMs, signal }, (abortSignal) => send(bedrock, request, abortSignal));
    } catch (error) {
      if (signal?.aborted) throw cancellationOf(signal);
      if (error instanceof DeadlineError) {
        throw bedrockClientError(`The model did not answer within ${timeoutMs} ms.`, error);
      }
      if (error instanceof AnswerTooLargeError) {
        throw bedrockClientError(`The answer of the model is larger than ${maxResponseBytes} bytes.`, error);
      }
      throw toAwsError(error, bedrockService) ?? error;
    }
  }

  return {
    type: 'AMAZON_BEDROCK_RUNTIME',

    async execute(document, call) {
      assertNotCancelled(call);
      const request = readBedrockDocument(new DocumentReader(document));
      return toResult(await ask(request, call.signal));
    },

    async close() {
      if (!isShared) bedrock.destroy();
    },
  };
}

type BedrockAnswer = ConverseCommandOutput | InvokeModelCommandOutput;

async function send(client: BedrockClientLike, request: BedrockRequest, abortSignal: AbortSignal) {
  return request.operation === 'InvokeModel'
    ? client.send(new InvokeModelCommand(request.input), { abortSignal })
    : client.send(new ConverseCommand(request.input), { abortSignal });
}

/** What InvokeModel answers is the model's own JSON, null where there is no body; Converse has a form of its own. */
function toResult({ $metadata: _metadata, ...answer }: BedrockAnswer): JsonValue {
  if (!('body' in answer)) return toJson(answer);
  // The client has null for a body without bytes, whatever its types say.
  const body = answer.body as InvokeModelCommandOutput['body'] | null;
  if (body === null) return null;
  try {
    return JSON.parse(body.transformToString()) as JsonValue;
  } catch (error) {
    throw bedrockClientError('The model answered no JSON.', error);
  }
}
