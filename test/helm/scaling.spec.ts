import { describe, expect, it } from 'vitest';
import { render, toolTimeoutMs } from './chart.js';
import type { Values } from './chart.js';

const scaling = (component: string, more: Values = {}): Values => ({
  [component]: { autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 30, ...more } },
});
const target = (component: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name: `flock-starling-${component}`,
});
const cpu = (averageUtilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
/** One pod at a time, and not before the last has drained. */
const slowDown = { stabilizationWindowSeconds: 600, policies: [{ type: 'Pods', value: 1, periodSeconds: 180 }] };

describe('pods by load', { timeout: toolTimeoutMs }, () => {
  it('should be a fixed number by default', async () => {
    const rendered = await render({ api: { replicas: 4 } });
    expect(rendered.one('Deployment', '-api').spec.replicas).toBe(4);
    expect(rendered.one('Deployment', '-gateway').spec.replicas).toBe(2);
    for (const kind of ['HorizontalPodAutoscaler', 'ScaledObject']) {
      expect(rendered.all.filter((one) => one.kind === kind)).toEqual([]);
    }
  });

  it('should leave their number to the autoscaler where there is one', async () => {
    for (const component of ['api', 'gateway']) {
      const rendered = await render(scaling(component));
      expect(rendered.one('Deployment', `-${component}`).spec).not.toHaveProperty('replicas');
    }
  });

  it('should follow CPU: the api', async () => {
    const { spec } = (await render(scaling('api'))).one('HorizontalPodAutoscaler', '-api');
    expect(spec).toEqual({
      scaleTargetRef: target('api'),
      minReplicas: 3,
      maxReplicas: 30,
      metrics: [cpu(70)],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    });
  });

  it('should follow CPU: the gateways, whose pods go slowly', async () => {
    const { spec } = (await render(scaling('gateway'))).one('HorizontalPodAutoscaler', '-gateway');
    expect(spec).toMatchObject({ scaleTargetRef: target('gateway'), metrics: [cpu(60)] });
    expect(spec.behavior.scaleDown).toEqual(slowDown);
  });

  it('should follow connections, served by an adapter', async () => {
    const rendered = await render(scaling('gateway', { type: 'custom', connectionsPerPod: 1_000_000 }));
    const { spec } = rendered.one('HorizontalPodAutoscaler', '-gateway');
    const metric = { name: 'starling_gateway_connections' };
    expect(spec.metrics).toEqual([
      cpu(60),
      { type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue: '1000000' } } },
    ]);
    expect(spec.behavior.scaleDown).toEqual(slowDown);
  });

  it('should follow connections, asked of Prometheus by KEDA', async () => {
    const keda = { serverAddress: 'http://prometheus.monitoring:9090' };
    const rendered = await render(scaling('gateway', { type: 'keda', keda }));
    expect(rendered.find('HorizontalPodAutoscaler', '-gateway')).toBeUndefined();
    const { spec } = rendered.one('ScaledObject', '-gateway');
    expect(spec).toMatchObject({ scaleTargetRef: target('gateway'), minReplicaCount: 3, maxReplicaCount: 30 });
    expect(spec.triggers).toMatchObject([
      {
        type: 'prometheus',
        metricType: 'AverageValue',
        metadata: {
          serverAddress: 'http://prometheus.monitoring:9090',
          query: 'sum(starling_gateway_connections{namespace="birds",service="flock-starling-gateway-metrics"})',
          threshold: '10000',
        },
      },
      { type: 'cpu', metadata: { value: '60' } },
    ]);
    expect(spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown).toEqual(slowDown);
  });
});

describe('evictions', { timeout: toolTimeoutMs }, () => {
  it('should take one pod at a time, and block no drain of a node, however many pods there are', async () => {
    const rendered = await render({ gateway: { replicas: 1 } });
    for (const component of ['api', 'gateway']) {
      const { spec } = rendered.one('PodDisruptionBudget', `-${component}`);
      expect(spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
      expect(spec).not.toHaveProperty('minAvailable');
      expect(rendered.pod(component).metadata.labels).toMatchObject(spec.selector.matchLabels);
    }
  });

  it('should be bounded as the values say', async () => {
    const rendered = await render({
      api: { disruptionBudget: { enabled: false } },
      gateway: { disruptionBudget: { maxUnavailable: '25%' }, rollout: { maxSurge: '25%' } },
    });
    expect(rendered.find('PodDisruptionBudget', '-api')).toBeUndefined();
    expect(rendered.one('PodDisruptionBudget', '-gateway').spec.maxUnavailable).toBe('25%');
    expect(rendered.one('Deployment', '-gateway').spec.strategy.rollingUpdate.maxSurge).toBe('25%');
  });
});
