// node scripts/tools/helm.mjs prints the path of helm, which is built with Go where it is missing.
import { ensureGoTool, printWhenMain } from './go-tool.mjs';

const version = 'v3.22.0';
const internal = 'helm.sh/helm/v3';

/** Kubernetes that `helm template` and `helm lint` assume: the one whose schemas manifests are checked against. */
const [major, minor] = ['1', '34'];

/** Path of Helm 3. */
export function ensureHelm() {
  return ensureGoTool({
    name: 'helm',
    package: `${internal}/cmd/helm`,
    version,
    versionArgs: ['version', '--short'],
    flags: [
      `${internal}/internal/version.version=${version}`,
      `${internal}/pkg/lint/rules.k8sVersionMajor=${major}`,
      `${internal}/pkg/lint/rules.k8sVersionMinor=${minor}`,
      `${internal}/pkg/chartutil.k8sVersionMajor=${major}`,
      `${internal}/pkg/chartutil.k8sVersionMinor=${minor}`,
    ]
      .map((setting) => `-X ${setting}`)
      .join(' '),
  });
}

await printWhenMain(import.meta.url, ensureHelm);
