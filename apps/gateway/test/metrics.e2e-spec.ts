import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { protocols } from './protocols.js';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const key = { 'x-api-key': apiKey };
const query = 'subscription { onTaskCreated { id } }';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway({ api: tasksWithRights, maxConnections: 2 });
});
afterEach(() => gateway.stop());

/** The number of a series; undefined where it is not there. */
async function value(series: string): Promise<number | undefined> {
  const [line] = await gateway.metrics(`${series} `);
  return line === undefined ? undefined : Number(line.slice(series.length));
}

describe.each(protocols)('the metrics of $name', ({ name, connect }) => {
  const open = `starling_gateway_connections{protocol="${name === 'graphql-transport-ws' ? name : 'appsync'}"}`;

  it('should show connections and subscriptions, and settle at zero when they are gone', async () => {
    const client = await connect(gateway, key);
    await client.subscribe('a', query);
    await client.subscribe('b', query);
    expect(await value(open)).toBe(1);
    expect(await value('starling_gateway_subscriptions')).toBe(2);
    // The two want and select the same.
    expect(await value('starling_gateway_delivery_groups')).toBe(1);
    expect(await value('starling_gateway_filter_conjunctions')).toBe(1);
    await client.socket.close();
    await vi.waitFor(async () => expect(await value(open)).toBe(0));
    for (const gauge of ['subscriptions', 'delivery_groups', 'filter_conjunctions', 'filter_scan_list_length'])
      expect([gauge, await value(`starling_gateway_${gauge}`)]).toEqual([gauge, 0]);
  });

  it('should count an event once, and each of its deliveries', async () => {
    const client = await connect(gateway, key);
    await client.subscribe('a', query);
    await client.subscribe('b', query);
    await gateway.publish('createTask', { id: 't' });
    const delivery = (await client.delivery('a')) as object;
    await client.delivery('b');
    expect(await value('starling_gateway_log_entries_total{kind="event"}')).toBe(1);
    expect(await value('starling_gateway_matches_total')).toBe(2);
    expect(await value('starling_gateway_projections_total')).toBe(1);
    expect(await value('starling_gateway_deliveries_total{result="sent"}')).toBe(2);
    expect(await value('starling_gateway_delivered_bytes_total')).toBe(2 * JSON.stringify(delivery).length);
    expect(await value('starling_gateway_delivery_latency_seconds_count')).toBe(1);
  });

  it('should count what becomes of subscriptions that are asked for', async () => {
    const client = await connect(gateway, key);
    await client.subscribe('a', query);
    await client.refusalOf('b', 'subscription { nothing }');
    await client.refusalOf('c', 'subscription { onOwn { id } }');
    await client.refusalOf('d', '{');
    for (const outcome of ['started', 'document', 'resolver', 'refused'])
      expect([outcome, await gateway.count('subscriptionStarts', outcome)]).toEqual([outcome, 1]);
  });

  it('should count the upgrades that are refused', async () => {
    await Promise.all([connect(gateway, key), connect(gateway, key)]);
    await expect(connect(gateway, key)).rejects.toThrow();
    expect(await gateway.count('handshakeRefusals', 'OVERLOADED')).toBe(1);
  });
});
