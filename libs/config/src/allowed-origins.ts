/** The pages that may call: which values of an `Origin` header are let in. The same for CORS and for WebSocket upgrades. */
export interface AllowedOrigins {
  /** True where every origin is. */
  readonly isAny: boolean;
  /**
   * Whether a request with this `Origin` header may be served. One without the header is no browser's: nobody's page can have
   * sent it, so there is nothing to protect.
   */
  readonly has: (origin: string | undefined) => boolean;
  /** As it was configured. */
  readonly toString: () => string;
}

/** `scheme://host[:port]`. The schemes of apps (`capacitor://localhost`) and of browser extensions are origins as well. */
const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\\*\s]+$/;

/**
 * Reads the setting ALLOWED_ORIGINS: `*`, or origins separated by commas, each exactly as browsers send it. Throws with the
 * part that is none of these. Patterns are refused, because whoever gets one page of a domain would get them all, and so is
 * `null`, which every sandboxed frame and local file sends, whoever wrote it.
 */
export function parseAllowedOrigins(text: string): AllowedOrigins {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const isAny = parts.includes('*');
  if (isAny && parts.length > 1) throw new Error('must be * or a list of origins, not both');
  const allowed = new Set(isAny ? [] : parts.map(asBrowsersSend));
  return Object.freeze({
    isAny,
    has: (sent: string | undefined) => isAny || sent === undefined || allowed.has(sent),
    toString: () => parts.join(','),
  });
}

function asBrowsersSend(part: string): string {
  const lowerCase = part.toLowerCase();
  if (!origin.test(lowerCase) || !URL.canParse(lowerCase)) {
    throw new Error(`must list origins such as https://app.example.com, without path or pattern, not "${part}"`);
  }
  // Of http and https it leaves the default port out, as browsers do; for other schemes it answers "null".
  const { origin: serialised } = new URL(lowerCase);
  return serialised === 'null' ? lowerCase : serialised;
}
