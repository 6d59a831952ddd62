import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import type { ErrorLike } from '@apollo/client/core';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createAuthLink } from 'aws-appsync-auth-link';
import type { AuthOptions } from 'aws-appsync-auth-link';
import { createSubscriptionHandshakeLink } from 'aws-appsync-subscription-link';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import type { Adapter, Answer, Connect } from './adapter.js';

/** With the link that Apollo itself has for graphql-transport-ws. */
export const connect: Connect = ({ endpoint, realtimeUrl, headers }) => {
  const subscriptions = createClient({ url: realtimeUrl, connectionParams: headers, shouldRetry: () => true });
  const client = new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(subscriptions),
      new HttpLink({ uri: endpoint, headers }),
    ),
    cache: new InMemoryCache(),
  });

  return adapt(client);
};

/** With the links that AWS has for AppSync. */
export const connectByAppSyncLink: Connect = ({ endpoint, apiKey, token = '' }) => {
  const auth: AuthOptions = apiKey
    ? { type: 'API_KEY', apiKey }
    : { type: 'AMAZON_COGNITO_USER_POOLS', jwtToken: token };

  const options = { url: endpoint, region: 'us-west-2', auth };
  const links = [createAuthLink(options), createSubscriptionHandshakeLink(options)];
  const client = new ApolloClient({
    // To TypeScript they are links of Apollo's CommonJS build.
    link: ApolloLink.from(links as unknown as ApolloLink[]),
    cache: new InMemoryCache(),
  });

  return adapt(client);
};

function adapt(client: ApolloClient): Adapter {
  return {
    query: async (document, variables) =>
      answer(await client.query({ query: gql(document), variables, errorPolicy: 'all', fetchPolicy: 'network-only' })),
    mutate: async (document, variables) =>
      answer(await client.mutate({ mutation: gql(document), variables, errorPolicy: 'all' })),
    subscribe(document, variables, observer) {
      const subscription = client.subscribe({ query: gql(document), variables }).subscribe({
        // Since version 4 errors come as results.
        next: ({ data, error }) => (error ? observer.error(describe(error)) : observer.next(data)),
        error: (error: Error) => observer.error(describe(error)),
        complete: () => observer.complete(),
      });
      return () => subscription.unsubscribe();
    },
  };
}

const answer = ({ data, error }: { data?: unknown; error?: ErrorLike }): Answer => ({
  data,
  ...(error && { errors: CombinedGraphQLErrors.is(error) ? error.errors : [error] }),
});

function describe(error: ErrorLike): string {
  if (CombinedGraphQLErrors.is(error)) return error.errors.map(({ message }) => message).join('; ');
  // What links throw that is no Error comes as the cause of one: the close of a socket, or a list of errors.
  const cause = ((error as Error).cause ?? {}) as { code?: number; reason?: string; errors?: readonly Error[] };
  if (cause.errors) return cause.errors.map(({ message }) => message).join('; ');
  return cause.code === undefined ? error.message : `${cause.code} ${cause.reason}`;
}
