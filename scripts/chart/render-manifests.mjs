// node scripts/chart/render-manifests.mjs [--check]: makes deploy/kubernetes/starling.yaml, for `kubectl apply` without Helm, from the chart.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureHelm } from '../tools/helm.mjs';
import { root, writeOrCompare } from './write-or-compare.mjs';

const folder = 'deploy/kubernetes';
const at = (...names) => path.join(root, ...names);

const { stdout } = await promisify(execFile)(await ensureHelm(), [
  'template',
  'starling',
  at('helm', 'starling'),
  '--values',
  at(folder, 'values.yaml'),
  // The test is Helm's own.
  '--skip-tests',
]);

const head = `# Rendered from helm/starling with ${folder}/values.yaml by scripts/chart/render-manifests.mjs. The guide docs/guides/kubernetes.md says
# what must be there before: the ConfigMap starling-definition and the Secret starling-next-token.
`;

const manifests = stdout
  .split(/^---\n/m)
  // What is for the pod of `helm test` alone.
  .filter((manifest) => manifest !== '' && !manifest.startsWith('# Source: starling/templates/tests/'))
  // Who applies these with kubectl has no Helm that manages them.
  .map((manifest) => manifest.replaceAll(/^ +(helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n/gm, ''));

writeOrCompare(
  { [`${folder}/starling.yaml`]: [head, ...manifests].join('---\n') },
  'scripts/chart/render-manifests.mjs',
);
