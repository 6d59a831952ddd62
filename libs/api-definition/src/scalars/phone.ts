import { textScalar } from './text-scalar.js';

/** Digits in groups that single spaces or hyphens separate. Without a country code, a number of the North American plan. */
export const awsPhone = textScalar({
  name: 'AWSPhone',
  description:
    'A phone number. Spaces or hyphens may separate digit groups; without a country code it is a US or North American number.',
  expected: 'a valid phone number',
  isValid: isPhone,
});

const grouped = /^\+?\d+([ -]\d+)*$/;
/** Area code and exchange begin with 2 to 9. */
const northAmerican = /^[2-9]\d\d[2-9]\d{6}$/;
/** E.164: a country code that does not begin with 0, 15 digits at most; no country has numbers of fewer than 7 with its code. */
const international = /^[1-9]\d{6,14}$/;
/** E.164's 15 digits, each with a separator, and the plus sign. */
const maxLength = 31;

function isPhone(text: string): boolean {
  if (text.length > maxLength || !grouped.test(text)) return false;
  const digits = text.replace(/\D/g, '');
  if (text.startsWith('+') && !digits.startsWith('1')) return international.test(digits);
  return northAmerican.test(digits.startsWith('1') ? digits.slice(1) : digits);
}
