import type { ResponsePath } from 'graphql';
import type { ApiLimits } from '#libs/api-definition';
import { FieldError } from '#libs/protocol';
import type { RequestContext } from './request-context.js';
import { timedOut } from './request-deadline.js';

/** Refuses a field that is deeper than operations may go. Leaves count as a level, items of lists do not. */
export function assertDepth(path: ResponsePath, { queryDepthLimit }: ApiLimits): void {
  if (queryDepthLimit === null) return;
  let depth = 0;
  for (let at: ResponsePath | undefined = path; at; at = at.prev) if (typeof at.key === 'string') depth += 1;
  if (depth <= queryDepthLimit) return;
  const message = `The operation is deeper than the limit of ${levels(queryDepthLimit)}.`;
  throw new FieldError(message, 'QueryDepthLimitReached');
}

/** Counts a resolver that is about to run, and refuses it where the request has run as many as it may. */
export function countResolver(context: RequestContext, { resolverCountLimit }: ApiLimits): void {
  context.resolverCount += 1;
  if (context.resolverCount <= resolverCountLimit) return;
  const resolvers = resolverCountLimit === 1 ? '1 resolver' : `${resolverCountLimit} resolvers`;
  throw new FieldError(`The request reached the limit of ${resolvers}.`, 'ResolverExecutionLimitReached');
}

/** Ends a request whose time is over before its next handler. A request that was given no deadline has the definition's. */
export function assertTimeLeft({ input, startedAt }: RequestContext, { requestTimeoutMs }: ApiLimits): void {
  const isOver = input.deadline?.isOver ?? performance.now() - startedAt > requestTimeoutMs;
  if (isOver) throw timedOut();
}

function levels(count: number): string {
  return count === 1 ? '1 level' : `${count} levels`;
}
