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
