import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chart, render, toolTimeoutMs } from './chart.js';
import type { Values } from './chart.js';

describe('what is said after an installation', { timeout: toolTimeoutMs }, () => {
  let copy: string;
  beforeAll(async () => {
    copy = await mkdtemp(path.join(tmpdir(), 'starling-chart-notes-'));
    await cp(chart, copy, { recursive: true });
    // Helm renders notes for a cluster only; so here they are an object.
    const notes = await readFile(path.join(chart, 'templates', 'NOTES.txt'), 'utf8');
    await writeFile(path.join(copy, 'templates', '_notes.tpl'), `{{- define "notes" -}}${notes}{{- end }}`);
    const object =
      'kind: Notes\nmetadata: { name: flock-starling }\nspec: { text: {{ include "notes" . | toJson }} }\n';
    await writeFile(path.join(copy, 'templates', 'notes.yaml'), object);
  }, toolTimeoutMs);
  afterAll(() => rm(copy, { recursive: true, force: true }));

  const notes = async (values: Values = {}): Promise<string> =>
    (await render(values, undefined, copy)).one('Notes').spec.text as string;

  it('should be the next commands, with the names of the release', async () => {
    const text = await notes({ nextToken: { existingSecret: 'tokens' } });
    expect(text).toContain('kubectl -n birds wait pod --for=condition=Ready');
    expect(text).toContain('helm -n birds test flock --logs');
    expect(text).toContain('port-forward service/flock-starling-gateway 4001:80');
    expect(text).not.toMatch(/NOTE:|<no value>/);
  });

  it('should name the endpoint where there is one', async () => {
    const tls = [{ hosts: ['api.example.com'], secretName: 'certificate' }];
    const byIngress = await notes({ ingress: { enabled: true, hosts: ['api.example.com'], tls } });
    expect(byIngress).toContain('the endpoint https://api.example.com/graphql');
    expect(byIngress).not.toContain('port-forward');
    const parentRefs = [{ name: 'public' }];
    const byRoute = await notes({ httpRoute: { enabled: true, parentRefs, hostnames: ['b.example.com'] } });
    expect(byRoute).toContain('the endpoint https://b.example.com/graphql');
  });

  it('should say how to roll back where pods come and go by load', async () => {
    for (const component of ['api', 'gateway']) {
      const text = await notes({ [component]: { autoscaling: { enabled: true } } });
      expect(text).toMatch(/NOTE: with autoscaling, roll back by `helm upgrade`/);
    }
    expect(await notes()).not.toContain('roll back');
  });

  it('should warn of what is good for a trial only', async () => {
    const text = await notes({ redis: { url: '', trial: { enabled: true } } });
    expect(text).toMatch(/NOTE: nextToken\.existingSecret is not set/);
    expect(text).toMatch(/NOTE: the Redis of redis\.trial is one pod/);
  });
});
