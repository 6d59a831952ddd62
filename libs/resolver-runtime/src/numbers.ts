/** A number as text: whole numbers without fraction or exponent, as Java prints integers, others in JavaScript's shortest form. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) >= 1e21) {
    return BigInt(value).toString();
  }
  return Object.is(value, -0) ? '0' : String(value);
}
