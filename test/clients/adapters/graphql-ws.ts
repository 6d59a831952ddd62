import { createClient } from 'graphql-ws';
import type { Answer, Connect, Variables } from './adapter.js';

/** The library has no HTTP; what an application that uses it alone sends its queries and mutations with is fetch. */
export const connect: Connect = ({ endpoint, realtimeUrl, headers }) => {
  const client = createClient({
    url: realtimeUrl,
    connectionParams: headers,
    // Without it, an attempt to connect that fails ends all subscriptions; only a close leads to another.
    shouldRetry: () => true,
  });

  const post = async (query: string, variables: Variables): Promise<Answer> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };

  return {
    query: post,
    mutate: post,
    subscribe: (query, variables, observer) =>
      client.subscribe(
        { query, variables },
        {
          next: ({ data }) => observer.next(data),
          error: (error) => observer.error(describe(error)),
          complete: () => observer.complete(),
        },
      ),
  };
};

/** A sink's error is a list of GraphQL errors, the close of the socket, or an Error. */
function describe(error: unknown): string {
  if (Array.isArray(error)) return error.map(({ message }: Error) => message).join('; ');
  if (error instanceof Error) return error.message;
  const { code, reason } = error as { code?: number; reason?: string };
  return code === undefined ? 'The connection failed.' : `${code} ${reason}`;
}
