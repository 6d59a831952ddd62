import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { Publisher } from '#libs/event-log';
import { logEntries } from '#libs/execution';
import type { ExecutableApi, RequestContext } from '#libs/execution';
import type { Logger } from '#libs/observability';
import { errors as registry } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { answerWith, refusal } from '../graphql/appsync-answers.plugin.js';

/** What a mutation's answer says, in `extensions.starling.publish`, when its entries are not in the log yet. */
const deferred = { starling: { publish: 'deferred' } };

/**
 * Appends what a mutation published and invalidated before its answer is sent: a client that has its answer knows that the
 * log has the event. While the log is away answers say `deferred`; when the queue is full, mutations are refused before they
 * touch a data source.
 */
export function publishMutations(
  api: ExecutableApi,
  publisher: Publisher,
  logger: Logger,
): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ operation }) {
          if (operation.operation !== OperationTypeNode.MUTATION || publisher.isAccepting) return null;
          const message = 'The event log can take no more events; nothing was changed. Try again later.';
          return answerWith([refusal(registry.PUBLISH_QUEUE_FULL, message)]);
        },
        async willSendResponse({ response, document, operation, contextValue: context }) {
          if (operation?.operation !== OperationTypeNode.MUTATION || !document || response.body.kind !== 'single')
            return;
          const data = (response.body.singleResult.data ?? null) as JsonValue;
          const entries = logEntries({ api, document, operation, context, data });
          if (entries.length === 0) return;
          if ((await publish(publisher, entries)) === 'deferred') {
            response.body.singleResult.extensions = { ...response.body.singleResult.extensions, ...deferred };
          }
        },
      };
    },
  };

  async function publish(queue: Publisher, entries: Parameters<Publisher['publish']>[0]): Promise<string> {
    try {
      return await queue.publish(entries);
    } catch (error) {
      logger.error({ err: error, entries: entries.length }, 'Events of a mutation were not published');
      return 'failed';
    }
  }
}
