/** A running API, however it is deployed: what the seeds' stories need of it. */
export interface Deployment {
  /** Every way to query and mutate. */
  readonly graphqlUrls: readonly string[];
  /** Every way to subscribe. */
  readonly realtimeUrls: readonly string[];
  /** Headers that prove who a request is; null for the API key. */
  credentialsOf(user: string | null): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

/** Sends a GraphQL request; fails on errors in the answer. */
export async function execute(
  url: string,
  credentials: Readonly<Record<string, string>>,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credentials },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as GraphqlAnswer;
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer;
}

export interface GraphqlAnswer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly unknown[];
  readonly extensions?: { readonly starling?: { readonly publish?: string } };
}
