import { startStoryClient } from '../story-client.js';
import type { StoryClient } from '../story-client.js';
import type { ClientKind } from '../clients.js';

/** A running API at one origin over TLS, as applications reach it. */
export interface Deployment {
  readonly endpoint: string;
  readonly realtimeUrl: string;
  /** File of the authority that the certificate is from. */
  readonly ca: string;
  /** The header that proves who a request is; null for the API key. `expiresInS` counts where tokens can be of any length. */
  credentialsOf(user: string | null, expiresInS?: number): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

/** Starts a client of a deployment with the credentials of a user, null for the API key. */
export async function connectClient(
  deployment: Deployment,
  kind: ClientKind,
  user: string | null,
  expiresInS?: number,
): Promise<StoryClient> {
  const headers = await deployment.credentialsOf(user, expiresInS);
  const { endpoint, realtimeUrl, ca } = deployment;
  return startStoryClient(kind, {
    endpoint,
    realtimeUrl,
    ca,
    headers,
    apiKey: headers['x-api-key'],
    token: headers.Authorization,
  });
}
