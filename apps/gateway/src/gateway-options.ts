import type { AllowedOrigins, GatewaySettings, OnTokenExpiry, SlowConsumerPolicy, TrustedProxies } from '#libs/config';

/** Limits and times of the gateway; each has its environment variable in docs/reference/environment.md, with why it is what it is. */
export interface GatewayOptions {
  /** Subscriptions one connection may hold. Default 200, AppSync's. */
  readonly maxSubscriptionsPerConnection: number;
  /** Largest frame, or body of a request, that a client may send, in bytes. Default 1 MiB. */
  readonly maxFrameBytes: number;
  /** Time from the upgrade to `connection_init`, in milliseconds. Default 15,000. */
  readonly connectionInitTimeoutMs: number;
  /** Time between keep-alives, in milliseconds. Default 60,000, AppSync's. */
  readonly keepAliveMs: number;
  /** What happens in each protocol when credentials end that are in use. Default `keep` in AppSync's, else `close`. */
  readonly onTokenExpiry: {
    readonly appSync: OnTokenExpiry;
    readonly graphqlTransportWs: OnTokenExpiry;
    readonly sse: OnTokenExpiry;
  };
  /** How long before that a graphql-transport-ws connection is warned, in milliseconds. Default 60,000; 0: not. */
  readonly tokenExpiryWarningMs: number;
  /** Greatest age of a connection, in milliseconds; each gets up to a tenth less. Default 24 hours; 0: none. */
  readonly maxConnectionAgeMs: number;
  /** Time that a connection may have no subscription, in milliseconds. Default 10 minutes; 0: any. */
  readonly idleTimeoutMs: number;
  /** Pages that may connect. Default: all. */
  readonly allowedOrigins: AllowedOrigins;
  /** Whose `x-forwarded-for` is believed. Default: nobody's. */
  readonly trustedProxies: TrustedProxies | undefined;
  /** Connections of this process. Default 50,000; 0: any number. */
  readonly maxConnections: number;
  /** Upgrades of this process in a second. Default 2,000; 0: any number. */
  readonly maxHandshakesPerSecond: number;
  /** Upgrades from one address block in a second. Default 0: any number. */
  readonly maxHandshakesPerSecondPerAddress: number;
  /** Connections from one address block. Default 0: any number. */
  readonly maxConnectionsPerAddress: number;
  /** Connections from one address block that are not acknowledged yet. Default 0: any number. */
  readonly maxPendingHandshakesPerAddress: number;
  /** Fragments of one message. Default 128; 0: any number. */
  readonly maxFragmentsPerMessage: number;
  /** Connections of one person or machine. Default 1,000; 0: any number. */
  readonly maxConnectionsPerIdentity: number;
  /** Messages per second that a connection may send for long. Default 100; 0: any number. */
  readonly messageRate: number;
  /** Messages that a connection may send at once. Default 1,000. */
  readonly messageBurst: number;
  /** Time that messages wait to be written together, in milliseconds. Default 0: the turn of the event loop. */
  readonly flushIntervalMs: number;
  /** Bytes that may wait for one client in this process. Default 1 MiB. */
  readonly maxWaitingBytes: number;
  /** What happens to deliveries that a client is too slow for. Default `disconnect`. */
  readonly slowConsumerPolicy: SlowConsumerPolicy;
  /** Sticky invalidations that are remembered at once. Default 10,000; 0: none sticks. */
  readonly maxStickyInvalidations: number;
}

/**
 * Silence after which AppSync's clients give a connection up, told in `connection_ack`, in milliseconds. AppSync's own
 * number; older clients take values under 60,000 for this one.
 */
export const connectionTimeoutMs = 300_000;

/** The environment variables that set them. */
type GatewayEnvironment = Pick<
  GatewaySettings,
  | 'MAX_SUBSCRIPTIONS_PER_CONNECTION'
  | 'MAX_FRAME_BYTES'
  | 'CONNECTION_INIT_TIMEOUT_MS'
  | 'KEEP_ALIVE_MS'
  | 'ON_TOKEN_EXPIRY'
  | 'TOKEN_EXPIRY_WARNING_MS'
  | 'MAX_FRAGMENTS_PER_MESSAGE'
  | 'MAX_CONNECTION_AGE_MS'
  | 'IDLE_TIMEOUT_MS'
  | 'ALLOWED_ORIGINS'
  | 'TRUSTED_PROXIES'
  | 'MAX_CONNECTIONS'
  | 'MAX_HANDSHAKES_PER_SECOND'
  | 'MAX_HANDSHAKES_PER_SECOND_PER_ADDRESS'
  | 'MAX_CONNECTIONS_PER_ADDRESS'
  | 'MAX_PENDING_HANDSHAKES_PER_ADDRESS'
  | 'MAX_CONNECTIONS_PER_IDENTITY'
  | 'MESSAGE_RATE'
  | 'MESSAGE_BURST'
  | 'FLUSH_INTERVAL_MS'
  | 'MAX_WAITING_BYTES'
  | 'SLOW_CONSUMER_POLICY'
  | 'MAX_STICKY_INVALIDATIONS'
>;

/** The options that a process's settings ask for. */
export function gatewayOptions(settings: GatewayEnvironment): GatewayOptions {
  return {
    maxSubscriptionsPerConnection: settings.MAX_SUBSCRIPTIONS_PER_CONNECTION,
    maxFrameBytes: settings.MAX_FRAME_BYTES,
    maxFragmentsPerMessage: settings.MAX_FRAGMENTS_PER_MESSAGE,
    connectionInitTimeoutMs: settings.CONNECTION_INIT_TIMEOUT_MS,
    keepAliveMs: settings.KEEP_ALIVE_MS,
    onTokenExpiry: {
      appSync: settings.ON_TOKEN_EXPIRY ?? 'keep',
      graphqlTransportWs: settings.ON_TOKEN_EXPIRY ?? 'close',
      sse: settings.ON_TOKEN_EXPIRY ?? 'close',
    },
    tokenExpiryWarningMs: settings.TOKEN_EXPIRY_WARNING_MS,
    maxConnectionAgeMs: settings.MAX_CONNECTION_AGE_MS,
    idleTimeoutMs: settings.IDLE_TIMEOUT_MS,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    trustedProxies: settings.TRUSTED_PROXIES,
    maxConnections: settings.MAX_CONNECTIONS,
    maxHandshakesPerSecond: settings.MAX_HANDSHAKES_PER_SECOND,
    maxHandshakesPerSecondPerAddress: settings.MAX_HANDSHAKES_PER_SECOND_PER_ADDRESS,
    maxConnectionsPerAddress: settings.MAX_CONNECTIONS_PER_ADDRESS,
    maxPendingHandshakesPerAddress: settings.MAX_PENDING_HANDSHAKES_PER_ADDRESS,
    maxConnectionsPerIdentity: settings.MAX_CONNECTIONS_PER_IDENTITY,
    messageRate: settings.MESSAGE_RATE,
    messageBurst: settings.MESSAGE_BURST,
    flushIntervalMs: settings.FLUSH_INTERVAL_MS,
    maxWaitingBytes: settings.MAX_WAITING_BYTES,
    slowConsumerPolicy: settings.SLOW_CONSUMER_POLICY,
    maxStickyInvalidations: settings.MAX_STICKY_INVALIDATIONS,
  };
}
