import { parse } from 'graphql';
import type { DocumentNode } from 'graphql';
import type { ApiLimits } from '#libs/api-definition';
import { assertSelections } from './assert-selections.js';
import { screenDocument } from './screen-document.js';

/**
 * Parses a document that anybody may have sent. Throws a RequestError when it passes a limit of its API, graphql-js's own error when
 * it is no GraphQL.
 */
export function parseDocument(text: string, limits: ApiLimits): DocumentNode {
  screenDocument(text, limits);
  const document = parse(text, { maxTokens: limits.maxTokens });
  assertSelections(document, limits);
  return document;
}
