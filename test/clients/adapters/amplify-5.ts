import { Amplify, API } from 'aws-amplify-v5';
import type { Answer, Connect, Variables } from './adapter.js';

export const connect: Connect = ({ endpoint, apiKey, token }) => {
  Amplify.configure({
    aws_appsync_graphqlEndpoint: endpoint,
    aws_appsync_region: 'us-west-2',
    aws_appsync_authenticationType: 'API_KEY',
    aws_appsync_apiKey: apiKey,
  });
  const credentials = apiKey ? {} : { authMode: 'AWS_LAMBDA' as const, authToken: token };

  const ask = async (query: string, variables: Variables): Promise<Answer> => {
    try {
      return (await API.graphql({ query, variables, ...credentials })) as Answer;
    } catch (error) {
      return error as Answer;
    }
  };
  return {
    query: ask,
    mutate: ask,
    subscribe(query, variables, observer) {
      const subscription = (API.graphql({ query, variables, ...credentials }) as Events).subscribe({
        next: ({ value }) => observer.next(value.data),
        error: ({ error, message }) => observer.error(error?.errors?.[0]?.message ?? message ?? ''),
        complete: () => observer.complete(),
      });
      return () => subscription.unsubscribe();
    },
  };
};

interface Events {
  subscribe(observer: {
    next: (result: { value: { data: unknown } }) => void;
    error: (error: { error?: { errors?: readonly { message: string }[] }; message?: string }) => void;
    complete: () => void;
  }): { unsubscribe: () => void };
}
