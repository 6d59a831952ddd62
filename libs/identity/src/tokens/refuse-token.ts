import type { RequestError, unauthorizedTexts } from '#libs/protocol';
import { refuse } from '../refuse.js';

/**
 * The refusal of a token. The client learns only AppSync's text, so that nobody finds a way in by trying; `reason` is its cause,
 * for the operator's log. A reason is a sentence of ours and quotes nothing of the token.
 */
export function refuseToken(reason: string, text: keyof typeof unauthorizedTexts = 'refused'): RequestError {
  return refuse(text, new Error(reason));
}
