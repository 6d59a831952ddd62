import type { ApiLimits } from '#libs/api-definition';
import { RequestError } from '#libs/protocol';

/** The limits of a document, by their keys in `starling.yaml`, and what each of them counts. */
const counted = Object.freeze({
  maxTokens: 'tokens',
  maxDepth: 'levels',
  maxAliases: 'aliases and repeated fields',
  maxDirectives: 'directives',
  maxFragments: 'fragments',
  maxRootFields: 'fields at its root',
  maxFields: 'fields, fragments put in',
});

export type DocumentLimit = keyof typeof counted;

/** Refuses a document that passes a limit: where more than its limit of something has been counted. */
export function assertWithin(limit: DocumentLimit, actual: number, limits: ApiLimits): void {
  if (actual > limits[limit]) throw limitPassed('The document has', limit, limits);
}

/** The refusal of a document, or of the variables beside it: it names the limit and its value. */
export function limitPassed(
  whatHas: 'The document has' | 'The variables have',
  limit: DocumentLimit,
  limits: ApiLimits,
): RequestError {
  const name = `limits.${limit}`;
  // AppSync's words for its only limit of a document (AppSync reference, section 10).
  const words = limit === 'maxTokens' ? 'Maximum char length exceeded. ' : '';
  const message = `${words}${whatHas} more than ${limits[limit]} ${counted[limit]} (${name}).`;
  return new RequestError('DOCUMENT_LIMIT', message, { limit: name });
}
