import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from './start-api.js';
import type { Api } from './start-api.js';

const createTask = 'mutation { createTask(title: "Nest", boardId: "board-1") { id } }';

let api: Api;
let isAway = false;
beforeAll(async () => {
  api = await startApi({
    appendTo: (log) => ({
      append: (batch) => (isAway ? Promise.reject(new Error('The log is away.')) : log.append(batch)),
    }),
    publisher: { ackTimeoutMs: 50 },
  });
});
afterAll(() => api.stop());

async function value(series: string): Promise<number> {
  const [line] = await api.metrics(`${series} `);
  return line === undefined ? 0 : Number(line.slice(series.length));
}

/** How much a series grows while something is done. */
async function growth(series: string, act: () => Promise<unknown>): Promise<number> {
  const before = await value(series);
  await act();
  return (await value(series)) - before;
}

describe('the metrics of the api', () => {
  it.each([
    ['ok', 'mutation', createTask],
    ['errors', 'mutation', 'mutation ($of: String!) { createTask(title: "Nest", boardId: $of) { id } }'],
    ['refused', 'query', '{ nothing }'],
    ['refused', 'subscription', 'subscription { onTaskCreated { id } }'],
    ['refused', 'unknown', '{'],
  ])('should count as %s a %s like %s', async (outcome, operation, query) => {
    const series = `starling_api_requests_total{operation="${operation}",outcome="${outcome}"}`;
    expect(await growth(series, () => api.ask(query))).toBe(1);
    expect(await value(`starling_api_request_duration_seconds_count{operation="${operation}"}`)).toBeGreaterThan(0);
  });

  it('should count no request whose credentials were not taken, but the refusal', async () => {
    const refusals = 'starling_auth_refusals_total{code="UNAUTHORIZED"}';
    const before = await api.metrics('starling_api_requests_total');
    expect(await growth(refusals, () => api.ask(createTask, { headers: { 'x-api-key': 'da2-wrong' } }))).toBe(1);
    expect(await value('starling_api_http_refusals_total{code="UNAUTHORIZED"}')).toBe(1);
    expect(await api.metrics('starling_api_requests_total')).toEqual(before);
  });

  it('should count what is published, and what waits while the log is away', async () => {
    const published = 'starling_api_published_entries_total{outcome="appended"}';
    const waited = 'starling_api_publish_duration_seconds_count{outcome="appended"}';
    expect(await growth(published, () => growth(waited, () => api.ask(createTask)))).toBe(1);
    isAway = true;
    await api.ask(createTask);
    isAway = false;
    expect(await value('starling_api_publish_queue_entries')).toBe(1);
    expect(await value('starling_api_publish_queue_bytes')).toBeGreaterThan(0);
    expect(await value('starling_api_published_entries_total{outcome="deferred"}')).toBe(1);
    expect(await value('starling_api_publish_retries_total')).toBeGreaterThan(0);
  });
});
