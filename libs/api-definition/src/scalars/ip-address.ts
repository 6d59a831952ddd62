import { isIP } from 'node:net';
import { textScalar } from './text-scalar.js';

/** IPv4 or unbracketed IPv6, with an optional prefix length: `192.168.0.0/16`, `::1`. Zone ids are refused. */
export const awsIpAddress = textScalar({
  name: 'AWSIPAddress',
  description: 'An IPv4 address in dotted notation or an unbracketed IPv6 address, with an optional CIDR suffix `/…`.',
  expected: 'a valid IP address',
  isValid: isIpAddress,
});

/** The longest IPv6 address (with an IPv4 tail), a slash and three digits. */
const maxLength = 49;

function isIpAddress(text: string): boolean {
  if (text.length > maxLength || text.includes('%')) return false;
  const slash = text.indexOf('/');
  const version = isIP(slash < 0 ? text : text.slice(0, slash));
  if (version === 0 || slash < 0) return version !== 0;
  const prefix = text.slice(slash + 1);
  return /^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}
