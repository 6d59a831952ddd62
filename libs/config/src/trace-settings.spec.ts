import { describe, expect, it } from 'vitest';
import { loadSettings, SettingsError } from './load-settings.js';
import { traceOptions, traces } from './trace-settings.js';

function read(environment: Readonly<Record<string, string>>) {
  return traceOptions(loadSettings(traces, environment), 'starling-api');
}

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('settings of traces', () => {
  it.each<Readonly<Record<string, string>>>([
    {},
    { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
    { ...endpoint, OTEL_SDK_DISABLED: 'true' },
    { OTEL_TRACES_SAMPLER: 'always_on', OTEL_SERVICE_NAME: 'tasks' },
  ])('should ask for none: %j', (environment) => {
    expect(read(environment)).toBeUndefined();
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [endpoint, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' }, 'https://collector/otlp/v1/traces'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://tempo:4318/push' }, 'http://tempo:4318/push'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
  ])('should ask for traces: %j', (environment, url) => {
    expect(read(environment)).toMatchObject({ url, protocol: 'http/protobuf', sampler: 'parentbased_always_on' });
  });

  it('should name the process as it is told to, and else by what it is', () => {
    expect(read(endpoint)).toMatchObject({ serviceName: 'starling-api', resource: {} });
    const attributes = 'service.name=other, k8s.pod.name=api-1,deployment.environment.name=stage%20a';
    expect(read({ ...endpoint, OTEL_SERVICE_NAME: 'tasks', OTEL_RESOURCE_ATTRIBUTES: attributes })?.resource).toEqual({
      'service.name': 'tasks',
      'k8s.pod.name': 'api-1',
      'deployment.environment.name': 'stage a',
    });
  });

  it('should never send more spans together than may wait', () => {
    const { batch } = read({ ...endpoint, OTEL_BSP_MAX_QUEUE_SIZE: '100' })!;
    expect(batch).toMatchObject({ maxQueueSize: 100, maxExportBatchSize: 100 });
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'pod'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'pod=%E0%A4%A'],
  ])('should name %s where it cannot be meant: %s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(SettingsError);
    expect(() => read({ [name]: value })).toThrow(name);
  });
});
