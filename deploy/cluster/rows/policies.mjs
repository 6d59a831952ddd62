import { projectNode } from '../../../scripts/prepare.mjs';
import { run } from '../command.mjs';
import { isReady } from '../kubernetes.mjs';
import { main } from '../release.mjs';

export const policies = {
  name: 'policies',
  title: 'Network policies; pod security `restricted` enforced',
  async run({ kubernetes, releases, check }) {
    await releases.ensureMain();
    const { metadata } = await kubernetes.get('namespace', kubernetes.namespace);
    check(
      metadata.labels['pod-security.kubernetes.io/enforce'] === 'restricted',
      'the namespace does not enforce restricted pod security',
    );
    const said = await kubernetes.refused({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'privileged' },
      spec: { containers: [{ name: 'one', image: 'redis:7', securityContext: { privileged: true } }] },
    });
    check(/violates PodSecurity "restricted/.test(said), `a privileged pod was not refused by pod security: ${said}`);
    const pods = (await kubernetes.get('pods', '-l', `app.kubernetes.io/instance=${main}`)).items.filter(
      ({ status }) => status.phase === 'Running',
    );
    check(
      pods.length >= 5 && pods.every(isReady),
      `${pods.filter(isReady).length} of ${pods.length} pods of the release are ready there`,
    );

    const { items } = await kubernetes.get('networkpolicies', '-l', `app.kubernetes.io/instance=${main}`);
    const isClosed = (labels, direction) =>
      items.some(
        ({ spec }) =>
          spec.policyTypes.includes(direction) &&
          Object.entries(spec.podSelector.matchLabels ?? {}).every(([key, value]) => labels[key] === value),
      );
    for (const pod of pods) {
      for (const direction of ['Ingress', 'Egress']) {
        check(isClosed(pod.metadata.labels, direction), `${direction} of ${pod.metadata.name} is open`);
      }
    }
    const test = ['node_modules/vitest/vitest.mjs', 'run', 'test/helm/network-policy.spec.ts'];
    await run(projectNode, test, { timeoutMs: 300_000 });
    return `${pods.length} pods of the release run where a privileged one is refused; ${items.length} policies accepted, every pod closed by default in both directions; who may reach whom is what test/helm/network-policy.spec.ts says (this network does not enforce policies)`;
  },
};
