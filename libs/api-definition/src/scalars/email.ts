import { textScalar } from './text-scalar.js';

/** RFC 5321's longest address, and longest part before the `@`, in characters. */
const maxAddress = 254;
const maxLocal = 64;

/** `local@domain` of RFC 822. The domain may be a single label: `ops@localhost`. */
export const awsEmail = textScalar({
  name: 'AWSEmail',
  description: 'An email address `local-part@domain-part` as defined by RFC 822.',
  expected: 'a valid email address',
  isValid: isEmail,
});

// Each pattern is one class under one repetition, or one group that begins with its own separator: linear time.
const atoms = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const quoted = /^"([^"\\\r\n]|\\[ -~])*"$/;
const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

function isEmail(text: string): boolean {
  if (text.length > maxAddress) return false;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  if (local.length > maxLocal || !(atoms.test(local) || quoted.test(local))) return false;
  return text
    .slice(at + 1)
    .split('.')
    .every((part) => label.test(part));
}
