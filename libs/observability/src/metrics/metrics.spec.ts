import { describe, expect, it } from 'vitest';
import type { GatewayReadings } from './gateway-metrics.js';
import { createMetrics } from './metrics.js';

const readings: GatewayReadings = {
  connections: () => [['graphql-ws', 2]],
  maxConnections: 50_000,
  subscriptions: 3,
  groups: 2,
  conjunctions: 4,
  scanListLength: 1,
  isReading: true,
  silentMs: 1500,
  lagMs: () => Promise.resolve(250),
};

async function samples(text: Promise<string>): Promise<readonly string[]> {
  return (await text).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('metrics', () => {
  it('should show what a process of its kind counts, and nothing of the other kind', async () => {
    const api = (await samples(createMetrics(['api']).registry.metrics())).join('\n');
    expect(api).toContain('starling_api_publish_queue_entries');
    expect(api).not.toContain('starling_gateway_');
  });

  it('should begin counters of known kinds at 0, so that the first of a kind is an increase', async () => {
    const shown = await samples(createMetrics().registry.metrics());
    expect(shown).toEqual(
      expect.arrayContaining([
        'starling_gateway_log_gaps_total{reason="failover"} 0',
        'starling_gateway_connection_closes_total{close="SLOW_CONSUMER"} 0',
        'starling_definition_reloads_total{outcome="refused"} 0',
        'starling_auth_refusals_total{code="INTERNAL_FAILURE"} 0',
        'starling_api_requests_total{operation="mutation",outcome="refused"} 0',
      ]),
    );
  });

  it('should read gauges each time that somebody looks', async () => {
    const metrics = createMetrics(['gateway']);
    let subscriptions = 3;
    metrics.showGateway({
      ...readings,
      get subscriptions() {
        return subscriptions;
      },
    });
    expect(await samples(metrics.registry.metrics())).toEqual(
      expect.arrayContaining([
        'starling_gateway_connections{protocol="graphql-ws"} 2',
        'starling_gateway_max_connections 50000',
        'starling_gateway_subscriptions 3',
        'starling_gateway_delivery_groups 2',
        'starling_gateway_filter_conjunctions 4',
        'starling_gateway_filter_scan_list_length 1',
        'starling_gateway_log_reading 1',
        'starling_gateway_log_silence_seconds 1.5',
        'starling_gateway_log_lag_seconds 0.25',
      ]),
    );
    subscriptions = 0;
    expect(await samples(metrics.registry.metrics())).toContain('starling_gateway_subscriptions 0');
  });

  it('should show plain numbers of the fan-out as totals, however often they are read', async () => {
    const { fanout, registry } = createMetrics(['gateway']);
    fanout.events += 1;
    fanout.deliveries += 5;
    await registry.metrics();
    fanout.deliveries += 2;
    expect(await samples(registry.metrics())).toEqual(
      expect.arrayContaining([
        'starling_gateway_log_entries_total{kind="event"} 1',
        'starling_gateway_log_entries_total{kind="invalidation"} 0',
        'starling_gateway_deliveries_total{result="sent"} 7',
        'starling_gateway_deliveries_total{result="failed"} 0',
      ]),
    );
  });

  it('should say NaN, and not 0, of what nobody knows', async () => {
    const metrics = createMetrics(['gateway']);
    metrics.showGateway({ ...readings, lagMs: () => Promise.resolve(undefined) });
    expect(await samples(metrics.registry.metrics())).toContain('starling_gateway_log_lag_seconds Nan');
  });
});
