import { TestSocket } from './test-socket.js';
import type { TestMessage } from './test-socket.js';

/** Headers that authorise a connection or a subscription: `{host, 'x-api-key'}`, `{host, Authorization}`. */
export type AppSyncAuthorization = Readonly<Record<string, unknown>>;

export interface AppSyncConnectOptions {
  readonly url: string;
  /** The header object of the handshake. Default: none is sent. */
  readonly authorization?: AppSyncAuthorization;
  /** Where the header object goes. Default `subprotocol`, as Amplify sends it; `query` as older clients; `headers` as plain ones. */
  readonly carrier?: 'subprotocol' | 'query' | 'headers';
  /** Offered in place of `graphql-ws`; the header subprotocol is added to them. */
  readonly subprotocols?: readonly string[];
  readonly ca?: string;
}

/** A client of AppSync's realtime protocol, frame by frame, for tests. */
export class AppSyncClient extends TestSocket {
  /** Opens the connection; sends nothing yet. */
  static async connect(options: AppSyncConnectOptions): Promise<AppSyncClient> {
    const { url, authorization, carrier = 'subprotocol', subprotocols = ['graphql-ws'], ca } = options;
    const text = JSON.stringify(authorization);
    const isIn = (place: string): boolean => authorization !== undefined && carrier === place;
    const query = `header=${Buffer.from(text ?? '').toString('base64')}&payload=e30=`;
    const client = new AppSyncClient({
      url: isIn('query') ? `${url}?${query}` : url,
      subprotocols: isIn('subprotocol')
        ? [...subprotocols, `header-${Buffer.from(text).toString('base64url')}`]
        : subprotocols,
      headers: isIn('headers') ? (authorization as Record<string, string>) : {},
      ca,
    });
    await client.opened();
    return client;
  }

  /** Sends `connection_init` and waits for the answer and the first keep-alive. */
  async init(): Promise<TestMessage> {
    this.send({ type: 'connection_init' });
    const ack = await this.waitForMessage(({ type }) => type === 'connection_ack');
    await this.waitForMessage(({ type }) => type === 'ka');
    return ack;
  }

  /** Sends `start`; does not wait. */
  start(
    id: string,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    authorization?: AppSyncAuthorization,
  ): void {
    const data = JSON.stringify({ query, variables });
    this.send({ id, type: 'start', payload: { data, extensions: authorization && { authorization } } });
  }

  stop(id: string): void {
    this.send({ id, type: 'stop' });
  }
}
