import { describe, expect, it } from 'vitest';
import { render, toolTimeoutMs } from './chart.js';

/** Which component a path leads to. */
const routes = { '/graphql/realtime': 'gateway', '/graphql/stream': 'gateway', '/graphql': 'api' };

describe('the ingress', { timeout: toolTimeoutMs }, () => {
  it('should lead each path to its component, and no other anywhere', async () => {
    const ingress = (await render({ ingress: { enabled: true, hosts: ['api.example.com', 'b.example.com'] } })).one(
      'Ingress',
    );
    expect(ingress.spec.rules).toHaveLength(2);
    for (const { http } of ingress.spec.rules) {
      // Exact: with prefixes, controllers differ in which of two that fit they take.
      expect(http.paths.map(({ pathType }) => pathType)).toEqual(['Exact', 'Exact', 'Exact']);
      const found = http.paths.map(({ path, backend }) => [path, backend.service.name.replace('flock-starling-', '')]);
      expect(Object.fromEntries(found)).toEqual(routes);
      expect(http.paths.every(({ backend }) => backend.service.port.name === 'http')).toBe(true);
    }
  });

  it('should wait longer than clients are silent, and pass events on at once', async () => {
    const { metadata } = (await render({ ingress: { enabled: true } })).one('Ingress');
    expect(Number(metadata.annotations?.['nginx.ingress.kubernetes.io/proxy-read-timeout'])).toBeGreaterThan(65);
    expect(metadata.annotations?.['nginx.ingress.kubernetes.io/proxy-buffering']).toBe('off');
  });

  it('should have the class, certificates and annotations of the values, and answer to any name where none is given', async () => {
    const tls = [{ hosts: ['api.example.com'], secretName: 'certificate' }];
    const annotations = { 'nginx.ingress.kubernetes.io/proxy-read-timeout': null, mine: 'too' };
    const { spec, metadata } = (await render({ ingress: { enabled: true, className: 'nginx', tls, annotations } })).one(
      'Ingress',
    );
    expect(spec).toMatchObject({ ingressClassName: 'nginx', tls });
    expect(spec.rules).toHaveLength(1);
    expect(spec.rules[0]).not.toHaveProperty('host');
    expect(metadata.annotations).toMatchObject({ mine: 'too' });
    expect(metadata.annotations).not.toHaveProperty('nginx.ingress.kubernetes.io/proxy-read-timeout');
  });

  it('should be there only when it is wanted', async () => {
    const rendered = await render();
    expect(rendered.find('Ingress')).toBeUndefined();
    expect(rendered.find('HTTPRoute')).toBeUndefined();
  });
});

describe('the route of the Gateway API', { timeout: toolTimeoutMs }, () => {
  it('should lead each path to its component, and end no connection', async () => {
    const parentRefs = [{ name: 'public', namespace: 'gateways' }];
    const { spec } = (
      await render({
        httpRoute: { enabled: true, parentRefs, hostnames: ['api.example.com'], annotations: { a: 'b' } },
        gateway: { service: { port: 8080 } },
      })
    ).one('HTTPRoute');
    expect(spec).toMatchObject({ parentRefs, hostnames: ['api.example.com'] });
    const { rules } = spec;
    const found = rules.map(({ matches, backendRefs }) => [
      matches[0]!.path.value,
      backendRefs[0]!.name.replace('flock-starling-', ''),
    ]);
    expect(Object.fromEntries(found)).toEqual(routes);
    for (const { matches, timeouts, backendRefs } of rules) {
      expect(matches[0]!.path.type).toBe('Exact');
      const isGateway = backendRefs[0]!.name.endsWith('gateway');
      expect(timeouts).toEqual(isGateway ? { request: '0s' } : undefined);
      expect(backendRefs[0]!.port).toBe(isGateway ? 8080 : 80);
    }
  });
});

describe('the services', { timeout: toolTimeoutMs }, () => {
  it('should be of the type and port, with the annotations, of the values', async () => {
    const service = { type: 'LoadBalancer', port: 443, annotations: { scheme: 'internal' } };
    const { spec, metadata } = (await render({ api: { service } })).one('Service', '-api');
    expect(spec).toMatchObject({ type: 'LoadBalancer', ports: [{ port: 443, targetPort: 'http' }] });
    expect(metadata.annotations).toEqual({ scheme: 'internal' });
  });
});
