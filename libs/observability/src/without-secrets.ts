/** What stands in a record where a secret was. */
const mark = '[secret]';

/** Members and headers whose values are secrets, in any letter case. */
const names = [
  '(?:proxy-)?authorization',
  '(?:set-)?cookie',
  '(?:x-)?api-?key',
  'x-amz-security-token',
  'authorization-?token',
  '(?:access|id|refresh|session|security|bearer)?[-_]?token',
  '(?:secret[-_]?access|secret)[-_]?key',
  '(?:client)?[-_]?secret',
  '[\\w-]*password',
].join('|');

/**
 * A member of JSON whose value is a text or a list of texts. In a text that holds JSON the quotes have backslashes before them: 15 at
 * the fourth level.
 */
const members = new RegExp(
  String.raw`(?<name>\\{0,15}"(?:${names})\\{0,15}"\s*:\s*)(?:(?<slashes>\\{0,15})"(?:(?!\k<slashes>")(?:\\.|[^"\\]))*\k<slashes>"|\[[^[\]{}]*\])`,
  'gi',
);

/** A header as texts of errors and dumps of objects show it: `authorization: Bearer …`, `'x-api-key': '…'`. */
const headers =
  /\b((?:authorization|x-api-key|x-amz-security-token|cookie)'?\s*[:=]\s*'?(?:Bearer\s+)?)[^\s'",;}\\[]+/gi;

/**
 * AppSync's WebSocket protocol has credentials in the query of the URL (`header=`, with its `payload=`); a presigned URL has them in
 * `X-Amz-…`.
 */
const parameters =
  /([?&](?:header|payload|x-amz-signature|x-amz-security-token|x-api-key|authorization|token)=)[^&\s"'\\#]+/gi;

/** `{"` in base64 begins every JSON Web Token and every header object of a handshake; `eyJ` in base64 one that is encoded again. */
const tokens = /(?:eyJ|ZXlK)[\w+/.=-]{8,}/g;
const apiKeys = /\bda2-[\w-]{4,}/g;
const signatures = /(Signature=)[0-9a-f]{16,}/gi;

/**
 * A line of the log without credentials: what stands under a name that is known for them, what AppSync's handshake has in its query, and
 * whatever looks like a token, an AppSync API key or a signature, at any depth and in any text: messages of errors and of their
 * causes as well. A line stays JSON.
 */
export function withoutSecrets(line: string): string {
  return line
    .replace(members, (_member, name: string, slashes = '') => `${name}${slashes}"${mark}${slashes}"`)
    .replace(parameters, `$1${mark}`)
    .replace(headers, `$1${mark}`)
    .replace(tokens, mark)
    .replace(apiKeys, mark)
    .replace(signatures, `$1${mark}`);
}
