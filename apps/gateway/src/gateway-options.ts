/** Limits and times of the gateway; each has its environment variable in docs/reference/environment.md. */
export interface GatewayOptions {
  /** Subscriptions one connection may hold. Default 200, AppSync's. */
  readonly maxSubscriptionsPerConnection: number;
  /** Largest frame a client may send, in bytes. Default 1 MiB. */
  readonly maxFrameBytes: number;
  /** Time from the upgrade to `connection_init`, in milliseconds. Default 15,000. */
  readonly connectionInitTimeoutMs: number;
  /** Time between keep-alives, in milliseconds. Default 60,000, AppSync's. */
  readonly keepAliveMs: number;
}

/**
 * Silence after which AppSync's clients give a connection up, told in `connection_ack`, in milliseconds. AppSync's own
 * number; older clients take values under 60,000 for this one.
 */
export const connectionTimeoutMs = 300_000;

/** The environment variables that set them. */
interface GatewayEnvironment {
  readonly MAX_SUBSCRIPTIONS_PER_CONNECTION: number;
  readonly MAX_FRAME_BYTES: number;
  readonly CONNECTION_INIT_TIMEOUT_MS: number;
  readonly KEEP_ALIVE_MS: number;
}

/** The options that a process's settings ask for. */
export function gatewayOptions(settings: GatewayEnvironment): GatewayOptions {
  return {
    maxSubscriptionsPerConnection: settings.MAX_SUBSCRIPTIONS_PER_CONNECTION,
    maxFrameBytes: settings.MAX_FRAME_BYTES,
    connectionInitTimeoutMs: settings.CONNECTION_INIT_TIMEOUT_MS,
    keepAliveMs: settings.KEEP_ALIVE_MS,
  };
}
