import { WebSocket } from 'ws';
import { StartError } from '#libs/config';
import { appSyncSubprotocol } from '#libs/protocol';
import type { AppSyncMessageError } from '#libs/protocol';
import type { Authorize } from './authorization.js';

export interface AppSyncSubscriptionOptions {
  /** Address of the realtime endpoint. */
  readonly url: string;
  /** Headers that authorise the connection, and then the subscription. */
  readonly authorize: Authorize;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The subscription is registered: what is published from now on arrives. */
  onLive(): void;
  /** A delivery, `{data, errors?}`. */
  onDelivery(delivery: unknown): void;
}

/** Longest wait for the connection, and then for each answer to what was sent, in milliseconds. */
const answerTimeoutMs = 15_000;

/** The one subscription of the connection. */
const id = '1';

/** What the server sends, as far as it is looked at (docs/reference/protocol.md). */
interface ServerMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly errors?: readonly AppSyncMessageError[]; readonly connectionTimeoutMs?: number };
}

/**
 * One subscription over AppSync's protocol, from the handshake to its end. Resolves at `complete`. Rejects with a StartError
 * whose text is for people when the connection or the subscription is refused, breaks, or falls silent.
 */
export async function runAppSyncSubscription(options: AppSyncSubscriptionOptions): Promise<void> {
  const { url, authorize, query, variables } = options;
  const header = `header-${Buffer.from(JSON.stringify(await authorize('/connect', '{}'))).toString('base64url')}`;
  const data = JSON.stringify({ query, variables });
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [appSyncSubprotocol, header], { handshakeTimeout: answerTimeoutMs });
    let silenceMs = answerTimeoutMs;
    let timer: NodeJS.Timeout;

    const end = (failure?: string): void => {
      clearTimeout(timer);
      socket.close();
      if (failure === undefined) resolve();
      else reject(new StartError(failure));
    };
    const expectMessage = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => end(`${url} has been silent for ${silenceMs / 1000} seconds.`), silenceMs);
    };
    const send = (message: unknown): void => {
      socket.send(JSON.stringify(message));
      expectMessage();
    };

    socket.on('open', () => send({ type: 'connection_init' }));
    socket.on('message', (frame: Buffer) => {
      const message = JSON.parse(frame.toString()) as ServerMessage;
      expectMessage();
      switch (message.type) {
        case 'connection_ack':
          silenceMs = message.payload?.connectionTimeoutMs ?? silenceMs;
          // Signed now and not before: a signature is good for five minutes.
          authorize('', data).then(
            (authorization) => send({ id, type: 'start', payload: { data, extensions: { authorization } } }),
            (error: unknown) => end(String(error)),
          );
          break;
        case 'start_ack':
          options.onLive();
          break;
        case 'data':
          options.onDelivery(message.payload);
          break;
        case 'complete':
          end();
          break;
        case 'connection_error':
        case 'error':
          end(describe(message.payload?.errors ?? []));
          break;
      }
    });
    // Both are the last word only when nothing was said before: a promise settles once.
    socket.on('close', (code, reason) => end(`The connection was closed: ${code} ${reason.toString()}`.trimEnd()));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(
        error.code === 'ECONNREFUSED' ? `Nothing listens at ${url}. Is npm start running?` : `${url}: ${error.message}`,
      ),
    );
  });
}

function describe(errors: readonly AppSyncMessageError[]): string {
  if (errors.length === 0) return 'The subscription was refused, without a reason.';
  return errors.map(({ errorType, message }) => (errorType ? `${errorType}: ${message}` : message)).join('\n');
}
