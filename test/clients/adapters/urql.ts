import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import type { CombinedError, OperationResult } from '@urql/core';
import { createClient } from 'graphql-ws';
import type { Answer, Connect } from './adapter.js';

export const connect: Connect = ({ endpoint, realtimeUrl, headers }) => {
  const subscriptions = createClient({ url: realtimeUrl, connectionParams: headers, shouldRetry: () => true });
  const client = new Client({
    url: endpoint,
    fetchOptions: { headers },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({ unsubscribe: subscriptions.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  });

  return {
    query: async (document, variables) => answer(await client.query(document, variables).toPromise()),
    mutate: async (document, variables) => answer(await client.mutation(document, variables).toPromise()),
    subscribe(document, variables, observer) {
      const subscription = client.subscription(document, variables).subscribe(({ data, error, hasNext }) => {
        if (error) observer.error(describe(error));
        else if (hasNext) observer.next(data);
        // The end is told by the last result, once more.
        else observer.complete();
      });
      return () => subscription.unsubscribe();
    },
  };
};

const answer = ({ data, error }: OperationResult): Answer => ({
  data,
  ...(error && { errors: error.graphQLErrors.length ? error.graphQLErrors : [error] }),
});

function describe({ message, networkError, graphQLErrors }: CombinedError): string {
  if (graphQLErrors.length) return graphQLErrors.map((error) => error.message).join('; ');
  const { code, reason } = (networkError ?? {}) as { code?: number; reason?: string };
  return code === undefined ? message : `${code} ${reason}`;
}
