import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { LogEntry, Publisher, PublishResult } from '#libs/event-log';
import { askedInvalidations, logEntries } from '#libs/execution';
import type { ExecutableApi, RequestContext } from '#libs/execution';
import type { Logger } from '#libs/observability';
import { errors as registry, FieldError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { answerWith, refusal } from '../graphql/appsync-answers.plugin.js';
import { auditInvalidations } from './audit-invalidations.js';

/**
 * What became of a mutation's entries. All but `appended` is said in the answer, in `extensions.starling.publish`: `deferred`
 * when they are not in the log yet, `failed` when some never will be, although the data is written.
 */
type Outcome = PublishResult | 'failed';

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
          const outcome = await publish(entries, context.input.requestId);
          auditInvalidations(logger, context, askedInvalidations(api, context), outcome);
          if (outcome === 'appended') return;
          const { singleResult } = response.body;
          singleResult.extensions = { ...singleResult.extensions, starling: { publish: outcome } };
        },
      };
    },
  };

  async function publish(entries: readonly LogEntry[], requestId: string): Promise<Outcome> {
    try {
      return await publisher.publish(entries);
    } catch (error) {
      // One entry is too large: it must not keep the others out, least of all an invalidation.
      if (error instanceof FieldError && entries.length > 1) {
        return worstOf(await Promise.all(entries.map((entry) => publish([entry], requestId))));
      }
      logger.error({ err: error, entries: entries.length, requestId }, 'Events of a mutation were not published');
      return 'failed';
    }
  }
}

function worstOf(outcomes: readonly Outcome[]): Outcome {
  return (['failed', 'deferred'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'appended';
}
