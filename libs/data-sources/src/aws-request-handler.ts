/** Longest wait for a connection, in milliseconds: a host that does not answer the handshake by then is not there. */
const connectionTimeoutMs = 2000;

/**
 * Connections a client keeps open. AWS's default of 50 is below what one busy process has under way, and requests that wait
 * for a connection count as slow, not as refused.
 */
const maxSockets = 256;

/** How clients of AWS's services reach them. `requestTimeoutMs`: longest wait for one attempt. Default: the caller's deadline. */
export function awsRequestHandler(requestTimeoutMs?: number) {
  const agent = { keepAlive: true, maxSockets };
  return {
    ...(requestTimeoutMs !== undefined && { requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true }),
    connectionTimeout: connectionTimeoutMs,
    httpAgent: agent,
    httpsAgent: agent,
  };
}
