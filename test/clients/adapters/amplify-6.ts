import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import type { Answer, Connect, Variables } from './adapter.js';

/** What of Amplify's answers is used; its own types follow a schema that is known when they are compiled. */
type Graphql = (request: { query: string; variables: Variables }) => unknown;

export const connect: Connect = ({ endpoint, apiKey, token }) => {
  Amplify.configure({
    API: { GraphQL: { endpoint, region: 'us-west-2', defaultAuthMode: 'apiKey', apiKey } },
  });
  const client = generateClient(apiKey ? {} : { authMode: 'lambda', authToken: token });

  const graphql: Graphql = (request) => client.graphql(request);
  const ask = async (query: string, variables: Variables): Promise<Answer> => {
    try {
      return (await graphql({ query, variables })) as Answer;
    } catch (error) {
      return error as Answer;
    }
  };
  return {
    query: ask,
    mutate: ask,
    subscribe(query, variables, observer) {
      const subscription = (graphql({ query, variables }) as Events).subscribe({
        next: ({ data }) => observer.next(data),
        error: ({ errors, message }) => observer.error(errors?.[0]?.message ?? message ?? ''),
        complete: () => observer.complete(),
      });
      return () => subscription.unsubscribe();
    },
  };
};

interface Events {
  subscribe(observer: {
    next: (result: { data: unknown }) => void;
    error: (error: { errors?: readonly { message: string }[]; message?: string }) => void;
    complete: () => void;
  }): { unsubscribe: () => void };
}
