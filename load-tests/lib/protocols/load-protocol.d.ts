export type Headers = Readonly<Record<string, string>>;

/** What a frame says. */
export interface LoadFrame {
  readonly kind: 'welcome' | 'refused' | 'started' | 'delivery' | 'error' | 'complete' | 'ping' | 'other';
  readonly id?: string;
  readonly data?: unknown;
  readonly errors?: unknown;
}

/** A protocol as the load tests' clients speak it. */
export interface LoadProtocol {
  readonly name: string;
  readonly acknowledges: boolean;
  readonly subprotocols: (credentials: Headers, encode: (text: string) => string) => string[];
  readonly hello: (credentials: Headers) => string;
  readonly subscribe: (id: string, request: object, credentials: Headers) => string;
  readonly isPing: (text: string) => boolean;
  readonly read: (text: string) => LoadFrame;
  readonly comesBack: (code: number) => boolean;
}
