/** What an application is configured with. */
export interface ClientOptions {
  /** Of queries and mutations: `https://…/graphql`. */
  readonly endpoint: string;
  /** Of subscriptions, for clients that do not derive it from the endpoint: `wss://…/graphql/realtime`. */
  readonly realtimeUrl: string;
  /** Given when the credentials are an API key. */
  readonly apiKey?: string;
  /** Given when they are a token. */
  readonly token?: string;
  /** Either, as the header that it is sent in. */
  readonly headers: Readonly<Record<string, string>>;
}

export type Variables = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

/** What an application hears of a subscription, in the words of no client in particular. */
export interface Observer {
  /** A delivery's `data`. */
  next(data: unknown): void;
  /** The subscription is over, and this is all that the client says of why. */
  error(message: string): void;
  /** The subscription is over. */
  complete(): void;
}

/** A client package as an application uses it: nothing but its documented functions is called. */
export interface Adapter {
  query(document: string, variables: Variables): Promise<Answer>;
  mutate(document: string, variables: Variables): Promise<Answer>;
  /** Answers what stops listening. */
  subscribe(document: string, variables: Variables, observer: Observer): () => void;
}

/** Each module of this folder exports it as `connect`. It runs in a process of its own (client-process.ts). */
export type Connect = (options: ClientOptions) => Adapter;
