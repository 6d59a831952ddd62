import type { ApiLimits } from '#libs/api-definition';
import { limitPassed } from './document-limit.js';

/**
 * Refuses variables that are nested deeper than `limits.maxDepth`: handlers, data sources and the event log write them out by
 * recursion. Their size is bounded by that of the body or frame they came in. Throws a RequestError with the limit.
 */
export function assertVariables(variables: Readonly<Record<string, unknown>>, limits: ApiLimits): void {
  if (isDeeper(variables, limits.maxDepth)) throw limitPassed('The variables have', 'maxDepth', limits);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const item of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    if (isDeeper(item, levels - 1)) return true;
  }
  return false;
}
