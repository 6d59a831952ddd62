import type { Caller, Headers } from './caller.js';

export interface Answer {
  readonly status: number;
  readonly errorType: string | null;
  readonly body: unknown;
}

/** Sends a document over HTTP as a caller. `more` are further headers, which win over the caller's. */
export async function ask(url: string, caller: Caller, query: string, more: Headers = {}): Promise<Answer> {
  const body = JSON.stringify({ query });
  const headers = { ...(await caller.headersFor({ path: '/graphql', body })), ...more };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return {
    status: response.status,
    errorType: response.headers.get('x-amzn-errortype'),
    body: await response.json(),
  };
}
