/**
 * One spelling for each number: DynamoDB stores `1.50`, `15e-1` and `+1.5` as the same value and gives back its own
 * spelling, so texts cannot be compared. Answers digits and exponent (`15e-1`), `0` for every zero, and a text that is no
 * decimal as it is. No arithmetic on doubles: DynamoDB keeps 38 digits.
 */
export function normalizeDecimal(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (match === null) return text;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return whole === '' && fraction === '' ? text : '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}
