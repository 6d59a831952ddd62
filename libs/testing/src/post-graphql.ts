/** The body of a GraphQL answer. */
export interface GraphqlAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly errorType?: string | null }[];
  readonly extensions?: { readonly starling?: { readonly publish?: string } };
}

/** Sends a GraphQL request over HTTP and answers its body, whatever the status. */
export async function postGraphql(
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
  return (await response.json()) as GraphqlAnswer;
}

/** The same, for requests that must succeed: rejects with the errors of the answer. */
export async function executeGraphql(...request: Parameters<typeof postGraphql>): Promise<GraphqlAnswer> {
  const answer = await postGraphql(...request);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer;
}
