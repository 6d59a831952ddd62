import { RequestError, unauthorizedTexts } from '#libs/protocol';

/**
 * The refusal with AppSync's text for it. `cause` is for the log and must hold no credential; in particular never the
 * `SyntaxError` of `JSON.parse`, whose message quotes what it read.
 */
export function refuse(text: keyof typeof unauthorizedTexts, cause?: unknown): RequestError {
  return new RequestError('UNAUTHORIZED', unauthorizedTexts[text], cause === undefined ? undefined : { cause });
}
