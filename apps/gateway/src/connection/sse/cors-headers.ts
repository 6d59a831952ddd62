import type { IncomingHttpHeaders } from 'node:http';
import type { AllowedOrigins } from '#libs/config';

type Headers = Readonly<Record<string, string>>;

/** Time for which browsers remember a preflight's answer, in seconds: as in the api. */
const maxAgeS = 86_400;

/** What lets pages of the allowed origins read an answer. Others get none of it, so that browsers keep it from them. */
export function corsHeaders(allowed: AllowedOrigins, origin: string | undefined): Headers {
  const exposed = { 'access-control-expose-headers': 'x-amzn-requestid,x-amzn-errortype' };
  if (allowed.isAny) return { 'access-control-allow-origin': '*', ...exposed };
  if (origin === undefined || !allowed.has(origin)) return { vary: 'Origin' };
  return { 'access-control-allow-origin': origin, vary: 'Origin', ...exposed };
}

/** The answer to a preflight: any headers, because credentials come in various ones. */
export function preflightHeaders(allowed: AllowedOrigins, headers: IncomingHttpHeaders): Headers {
  const cors = corsHeaders(allowed, headers.origin);
  if (cors['access-control-allow-origin'] === undefined) return cors;
  return {
    ...cors,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
    'access-control-max-age': String(maxAgeS),
    vary: [cors.vary, 'Access-Control-Request-Headers'].filter(Boolean).join(', '),
  };
}
