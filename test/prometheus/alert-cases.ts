/** Time series in promtool's notation, one value every 15 seconds: `0x100` is 0 and a hundred times 0 more, `0+5x100` grows by 5. */
export type Series = Readonly<Record<string, string>>;

/** Half an hour after the first values the alert fires, or does not. */
export interface AlertCase {
  readonly fires: Series;
  readonly quiet: Series;
}

/** Of these every alert needs one or two. */
const gateway = 'job="gateway",instance="gateway-1:4101"';
const api = 'job="api",instance="api-1:4100"';

/** 0 until two minutes before the end, then 1. */
const once = '0x112 1x20';
const never = '0x140';
const steady = (value: number): string => `${value}x140`;
const growing = (by: number): string => `0+${by}x140`;

/** A histogram whose observations all take so long: `growing` by one bucket, which bounds them. */
function histogram(name: string, labels: string, bound: string): Series {
  const bounds = ['0.001', '0.01', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];
  const from = bounds.indexOf(bound);
  return Object.fromEntries(
    bounds.map((le, index) => [`${name}_bucket{${labels},le="${le}"}`, index < from ? never : growing(30)]),
  );
}

const dataSource = 'data_source="Tasks",type="AMAZON_DYNAMODB"';

export const alertCases: Readonly<Record<string, AlertCase>> = {
  StarlingLogAway: {
    fires: { [`starling_gateway_log_reading{${gateway}}`]: '1x100 0x40' },
    quiet: { [`starling_gateway_log_reading{${gateway}}`]: '1x100 0 1x40' },
  },
  StarlingLogGap: {
    fires: { [`starling_gateway_log_gaps_total{${gateway},reason="reset"}`]: once },
    quiet: { [`starling_gateway_log_gaps_total{${gateway},reason="reset"}`]: steady(3) },
  },
  StarlingLogLagging: {
    fires: { [`starling_gateway_log_lag_seconds{${gateway}}`]: steady(6) },
    quiet: { [`starling_gateway_log_lag_seconds{${gateway}}`]: '0x118 9 9 0x20' },
  },
  StarlingEntriesSkipped: {
    fires: { [`starling_gateway_log_skipped_entries_total{${gateway}}`]: once },
    quiet: { [`starling_gateway_log_skipped_entries_total{${gateway}}`]: never },
  },
  StarlingEventsLost: {
    fires: { [`starling_api_published_entries_total{${api},outcome="oversized"}`]: once },
    quiet: {
      [`starling_api_published_entries_total{${api},outcome="refused"}`]: never,
      [`starling_api_published_entries_total{${api},outcome="oversized"}`]: steady(7),
      [`starling_api_published_entries_total{${api},outcome="deferred"}`]: growing(100),
    },
  },
  StarlingPublishQueueFull: {
    fires: { [`starling_api_publish_queue_bytes{${api}}`]: steady(40_000_000) },
    quiet: {
      [`starling_api_publish_queue_entries{${api}}`]: steady(4_000),
      [`starling_api_publish_queue_bytes{${api}}`]: steady(1_000_000),
    },
  },
  StarlingPublishDeferred: {
    fires: { [`starling_api_publish_queue_entries{${api}}`]: steady(101) },
    quiet: { [`starling_api_publish_queue_entries{${api}}`]: '0x118 200 0x20' },
  },
  StarlingPublishSlow: {
    fires: histogram('starling_api_publish_duration_seconds', `${api},outcome="appended"`, '0.25'),
    quiet: histogram('starling_api_publish_duration_seconds', `${api},outcome="appended"`, '0.01'),
  },
  StarlingDeliverySlow: {
    fires: histogram('starling_gateway_delivery_latency_seconds', gateway, '0.5'),
    quiet: histogram('starling_gateway_delivery_latency_seconds', gateway, '0.1'),
  },
  StarlingDeliveriesFailed: {
    fires: { [`starling_gateway_deliveries_total{${gateway},result="failed"}`]: once },
    quiet: {
      [`starling_gateway_deliveries_total{${gateway},result="failed"}`]: never,
      [`starling_gateway_deliveries_total{${gateway},result="sent"}`]: growing(1_000),
    },
  },
  StarlingScanListLong: {
    fires: { [`starling_gateway_filter_scan_list_length{${gateway}}`]: steady(5_001) },
    quiet: { [`starling_gateway_filter_scan_list_length{${gateway}}`]: steady(4_999) },
  },
  StarlingHandshakesRefused: {
    fires: { [`starling_gateway_handshake_refusals_total{${gateway},code="OVERLOADED"}`]: growing(30) },
    quiet: {
      [`starling_gateway_handshake_refusals_total{${gateway},code="OVERLOADED"}`]: growing(1),
      [`starling_gateway_handshake_refusals_total{${gateway},code="ORIGIN_NOT_ALLOWED"}`]: growing(100),
    },
  },
  StarlingSlowConsumers: {
    fires: {
      [`starling_gateway_connection_closes_total{${gateway},close="SLOW_CONSUMER"}`]: growing(1),
      [`starling_gateway_connections{${gateway},protocol="appsync"}`]: steady(1_000),
      [`starling_gateway_connections{${gateway},protocol="sse"}`]: steady(1_000),
    },
    quiet: {
      [`starling_gateway_connection_closes_total{${gateway},close="SLOW_CONSUMER"}`]: growing(1),
      [`starling_gateway_connections{${gateway},protocol="appsync"}`]: steady(10_000),
    },
  },
  StarlingLimitsRefuse: {
    fires: { [`starling_limit_refusals_total{${api},limit="MAX_BODY_BYTES"}`]: growing(30) },
    quiet: { [`starling_limit_refusals_total{${api},limit="MAX_BODY_BYTES"}`]: growing(10) },
  },
  StarlingConnectionsNearLimit: {
    fires: {
      [`starling_gateway_connections{${gateway},protocol="appsync"}`]: steady(30_000),
      [`starling_gateway_connections{${gateway},protocol="sse"}`]: steady(11_000),
      [`starling_gateway_max_connections{${gateway}}`]: steady(50_000),
    },
    // Without a limit nothing is near it.
    quiet: {
      [`starling_gateway_connections{${gateway},protocol="appsync"}`]: steady(30_000),
      [`starling_gateway_max_connections{${gateway}}`]: never,
    },
  },
  StarlingFileDescriptorsShort: {
    fires: {
      [`process_open_fds{${gateway}}`]: steady(900),
      [`process_max_fds{${gateway}}`]: steady(1_000),
      [`starling_draining{${gateway}}`]: never,
    },
    // Another Node process.
    quiet: { 'process_open_fds{job="other"}': steady(900), 'process_max_fds{job="other"}': steady(1_000) },
  },
  StarlingCredentialsUnverifiable: {
    fires: { [`starling_auth_refusals_total{${gateway},code="INTERNAL_FAILURE"}`]: growing(1) },
    quiet: { [`starling_auth_refusals_total{${gateway},code="INTERNAL_FAILURE"}`]: steady(7) },
  },
  StarlingCredentialsRefused: {
    fires: {
      [`starling_auth_refusals_total{${gateway},code="UNAUTHORIZED"}`]: growing(150),
      [`starling_gateway_subscription_starts_total{${gateway},outcome="started"}`]: growing(150),
    },
    quiet: {
      [`starling_auth_refusals_total{${api},code="UNAUTHORIZED"}`]: growing(150),
      [`starling_api_requests_total{${api},operation="query",outcome="ok"}`]: growing(1_500),
    },
  },
  StarlingInternalFailures: {
    fires: { [`starling_api_http_refusals_total{${api},code="INTERNAL_FAILURE"}`]: once },
    quiet: {
      [`starling_api_http_refusals_total{${api},code="INTERNAL_FAILURE"}`]: steady(2),
      [`starling_gateway_connection_closes_total{${gateway},close="INTERNAL"}`]: steady(1),
    },
  },
  StarlingDataSourceFailing: {
    fires: {
      [`starling_data_source_duration_seconds_count{${api},${dataSource},outcome="error"}`]: growing(1),
      [`starling_data_source_duration_seconds_count{${api},${dataSource},outcome="ok"}`]: growing(10),
    },
    quiet: {
      [`starling_data_source_duration_seconds_count{${api},${dataSource},outcome="error"}`]: growing(1),
      [`starling_data_source_duration_seconds_count{${api},${dataSource},outcome="ok"}`]: growing(100),
    },
  },
  StarlingDataSourceSlow: {
    fires: histogram('starling_data_source_duration_seconds', `${api},${dataSource},outcome="ok"`, '5'),
    quiet: histogram('starling_data_source_duration_seconds', `${api},${dataSource},outcome="ok"`, '1'),
  },
  StarlingApiAbsent: {
    fires: { [`starling_gateway_log_reading{${gateway}}`]: steady(1) },
    quiet: { [`starling_api_publish_queue_entries{${api}}`]: never },
  },
  StarlingGatewayAbsent: {
    fires: { [`starling_api_publish_queue_entries{${api}}`]: never },
    quiet: { [`starling_gateway_log_reading{${gateway}}`]: never },
  },
  StarlingRestarting: {
    fires: { [`process_start_time_seconds{${api}}`]: '1x80 2x20 3x40', [`starling_draining{${api}}`]: never },
    quiet: { [`process_start_time_seconds{${api}}`]: '1x100 2x40', [`starling_draining{${api}}`]: never },
  },
  StarlingDefinitionRefused: {
    fires: { [`starling_definition_reloads_total{${api},outcome="refused"}`]: once },
    quiet: { [`starling_definition_reloads_total{${api},outcome="served"}`]: growing(1) },
  },
  StarlingEventLoopSlow: {
    fires: { [`nodejs_eventloop_lag_p99_seconds{${gateway}}`]: steady(0.2), [`starling_draining{${gateway}}`]: never },
    quiet: { 'nodejs_eventloop_lag_p99_seconds{job="other"}': steady(0.2) },
  },
  StarlingCpuSaturated: {
    fires: { [`process_cpu_seconds_total{${gateway}}`]: growing(15), [`starling_draining{${gateway}}`]: never },
    quiet: { [`process_cpu_seconds_total{${gateway}}`]: growing(12), [`starling_draining{${gateway}}`]: never },
  },
};
