import { parseAllowedOrigins } from '#libs/config';
import type { AllowedOrigins, ApiSettings, TrustedProxies } from '#libs/config';

/** Limits and times of the api's HTTP server; each has its environment variable in docs/reference/limits.md. 0 is none, unless it says otherwise. */
export interface HttpOptions {
  /** Largest body of a request, in bytes. Default 1 MiB. AppSync documents none; its templates' evaluated size is 5 MB. */
  readonly maxBodyBytes: number;
  /** Largest headers of a request, its first line included, in bytes. Default 16 KiB. */
  readonly maxHeaderBytes: number;
  /** Time for the headers of a request, in milliseconds. Default 10,000. */
  readonly headersTimeoutMs: number;
  /** Time for a whole request, from its first byte to the last of its body, in milliseconds. Default 30,000. */
  readonly bodyTimeoutMs: number;
  /** Time that a connection is kept after an answer for the next request, in milliseconds. Default 72,000. 0: none. */
  readonly keepAliveTimeoutMs: number;
  /** Connections of this process. Default 10,000. */
  readonly maxConnections: number;
  /** Requests per second from one address. Default 0. */
  readonly requestsPerSecondPerAddress: number;
  /** Whose `x-forwarded-for` is believed. Default: nobody's. */
  readonly trustedProxies: TrustedProxies | undefined;
  /** Pages that may call. Default: every. */
  readonly allowedOrigins: AllowedOrigins;
}

export const defaultHttpOptions: HttpOptions = Object.freeze({
  maxBodyBytes: 1_048_576,
  maxHeaderBytes: 16_384,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 30_000,
  keepAliveTimeoutMs: 72_000,
  maxConnections: 10_000,
  requestsPerSecondPerAddress: 0,
  trustedProxies: undefined,
  allowedOrigins: parseAllowedOrigins('*'),
});

/** The environment variables that set them. */
type HttpEnvironment = Pick<
  ApiSettings,
  | 'MAX_BODY_BYTES'
  | 'MAX_HEADER_BYTES'
  | 'HEADERS_TIMEOUT_MS'
  | 'BODY_TIMEOUT_MS'
  | 'HTTP_KEEP_ALIVE_MS'
  | 'MAX_CONNECTIONS'
  | 'REQUESTS_PER_SECOND_PER_ADDRESS'
  | 'TRUSTED_PROXIES'
  | 'ALLOWED_ORIGINS'
>;

/** The options that a process's settings ask for. */
export function httpOptions(settings: HttpEnvironment): HttpOptions {
  return {
    maxBodyBytes: settings.MAX_BODY_BYTES,
    maxHeaderBytes: settings.MAX_HEADER_BYTES,
    headersTimeoutMs: settings.HEADERS_TIMEOUT_MS,
    bodyTimeoutMs: settings.BODY_TIMEOUT_MS,
    keepAliveTimeoutMs: settings.HTTP_KEEP_ALIVE_MS,
    maxConnections: settings.MAX_CONNECTIONS,
    requestsPerSecondPerAddress: settings.REQUESTS_PER_SECOND_PER_ADDRESS,
    trustedProxies: settings.TRUSTED_PROXIES,
    allowedOrigins: settings.ALLOWED_ORIGINS,
  };
}
