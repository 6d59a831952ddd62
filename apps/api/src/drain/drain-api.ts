import type { Server } from 'node:http';
import type { Publisher } from '#libs/event-log';
import type { DrainReport } from '#libs/launch';
import type { RequestsUnderWay } from './requests-under-way.js';

/** Time that events have at least to reach the log, in milliseconds, when requests have taken all there was: a healthy one needs one. */
const minPublishMs = 2_000;

/** What an api finishes before it ends. */
export interface DrainedParts {
  readonly server: Pick<Server, 'close'>;
  readonly requests: RequestsUnderWay;
  readonly publisher: Publisher;
}

/** Takes no new requests, finishes those under way, and then brings what they published to the log. */
export async function drainApi({ server, requests, publisher }: DrainedParts, withinMs: number): Promise<DrainReport> {
  const startedAt = performance.now();
  // Who connects from here on is refused, and connections without a request are closed.
  server.close();
  const cutRequests = await requests.finish(withinMs);
  const leftMs = withinMs - (performance.now() - startedAt);
  const waitingEvents = publisher.counters.queued;
  await publisher.drain(Math.max(minPublishMs, leftMs));
  const lostEvents = publisher.counters.queued;
  return { figures: { cutRequests, waitingEvents, lostEvents }, loss: describeLoss(cutRequests, lostEvents) };
}

function describeLoss(cutRequests: number, lostEvents: number): string | undefined {
  const losses = [
    cutRequests > 0 && `Requests that did not end within DRAIN_SECONDS and were cut: ${cutRequests}.`,
    lostEvents > 0 && `Events that the event log (REDIS_URL) did not take in time and that are lost: ${lostEvents}.`,
  ].filter((loss) => loss !== false);
  return losses.length > 0 ? losses.join(' ') : undefined;
}
