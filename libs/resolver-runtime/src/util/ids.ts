import { drawRandom, readClock } from './util-function.js';
import type { UtilCall, UtilNamespace } from './util-function.js';

/** Crockford's base 32: no I, L, O, U. */
const ulidAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ulidTimeDigits = 10;
const ulidRandomDigits = 16;

/** A UUID of version 4. Only an injected randomness goes through {@link drawRandom}: the platform's own generator is faster. */
function createUuid(call: UtilCall): string {
  if (call.run.random === undefined) {
    return crypto.randomUUID();
  }
  const digits = Array.from({ length: 32 }, () => Math.floor(drawRandom(call) * 16));
  digits[12] = 4;
  digits[16] = 8 + ((digits[16] ?? 0) & 3);
  const text = digits.map((digit) => digit.toString(16)).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** 48 bits of milliseconds, then 80 random bits: sorts by time. */
function createUlid(call: UtilCall): string {
  let time = readClock(call);
  let timeText = '';
  for (let digit = 0; digit < ulidTimeDigits; digit += 1) {
    timeText = ulidAlphabet.charAt(time % 32) + timeText;
    time = Math.floor(time / 32);
  }
  let randomText = '';
  for (let digit = 0; digit < ulidRandomDigits; digit += 1) {
    randomText += ulidAlphabet.charAt(Math.floor(drawRandom(call) * 32));
  }
  return timeText + randomText;
}

const ksuidAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ksuidDigits = 27;
const ksuidRandomBytes = 16;

/** Seconds since the epoch at which a KSUID's time begins: 13 May 2014. */
const ksuidEpoch = 1_400_000_000;

/** 32 bits of seconds, then 128 random bits, in base 62: sorts by time. */
function createKsuid(call: UtilCall): string {
  let value = BigInt(Math.max(0, Math.floor(readClock(call) / 1000) - ksuidEpoch) % 2 ** 32);
  for (let byte = 0; byte < ksuidRandomBytes; byte += 1) {
    value = value * 256n + BigInt(Math.floor(drawRandom(call) * 256));
  }
  let text = '';
  for (let digit = 0; digit < ksuidDigits; digit += 1) {
    text = ksuidAlphabet.charAt(Number(value % 62n)) + text;
    value /= 62n;
  }
  return text;
}

/** `util.autoId` (UUID version 4), `util.autoUlid` and `util.autoKsuid`. */
export const idFunctions: UtilNamespace = Object.freeze({
  autoId: createUuid,
  autoUlid: createUlid,
  autoKsuid: createKsuid,
});
