import { textScalar } from './text-scalar.js';

/** A URL of RFC 1738: ASCII, with a scheme, without `//` in its path. `mailto:` addresses are URLs too. */
export const awsUrl = textScalar({
  name: 'AWSURL',
  description: 'A URL as defined by RFC 1738: with a scheme (`https://…`, `mailto:…`), without `//` in the path.',
  expected: 'a valid URL',
  isValid: isUrl,
});

/** Everything that RFC 1738 lets stand in a URL unescaped: visible ASCII without its unsafe quotes, brackets and backslash. */
const visible = /^[!#-;=?-[\]_a-z~]+$/;
const hierarchical = /^(https?|ftp|wss?):\/\/[^/?#]/i;
const needsHost = /^(https?|ftp|wss?):/i;
const scheme = /^[a-z][a-z0-9+.-]*:[^\s]/i;

function isUrl(text: string): boolean {
  if (!visible.test(text) || !scheme.test(text)) return false;
  // The parser forgives `https:host` and `https:///host`; the RFC does not.
  if (needsHost.test(text) && !hierarchical.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && !url.pathname.includes('//');
}
