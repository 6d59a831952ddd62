import { TestSocket } from './test-socket.js';
import type { TestMessage } from './test-socket.js';

export interface GraphqlTransportWsConnectOptions {
  readonly url: string;
  /** Headers of the HTTP request. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Offered in place of `graphql-transport-ws`. */
  readonly subprotocols?: readonly string[];
  readonly ca?: string;
}

/** A client of graphql-transport-ws, frame by frame, for tests. */
export class GraphqlTransportWsClient extends TestSocket {
  /** Opens the connection; sends nothing yet. */
  static async connect(options: GraphqlTransportWsConnectOptions): Promise<GraphqlTransportWsClient> {
    const { url, headers, subprotocols = ['graphql-transport-ws'], ca } = options;
    const client = new GraphqlTransportWsClient({ url, subprotocols, headers, ca });
    await client.opened();
    return client;
  }

  /** Sends `connection_init` with the credentials as its payload, and waits for the answer. */
  async init(payload?: Readonly<Record<string, unknown>>): Promise<TestMessage> {
    this.send({ type: 'connection_init', payload });
    return this.waitForMessage(({ type }) => type === 'connection_ack');
  }

  /** Sends `subscribe`; the protocol has no acknowledgement. */
  start(id: string, query: string, variables: Readonly<Record<string, unknown>> = {}): void {
    this.send({ id, type: 'subscribe', payload: { query, variables } });
  }

  stop(id: string): void {
    this.send({ id, type: 'complete' });
  }
}
