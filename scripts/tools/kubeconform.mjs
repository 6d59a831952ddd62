// node scripts/tools/kubeconform.mjs prints the path of kubeconform, which is built with Go where it is missing.
import { ensureGoTool, printWhenMain } from './go-tool.mjs';

const version = 'v0.8.0';

/** Path of kubeconform, which compares manifests with schemas. */
export function ensureKubeconform() {
  return ensureGoTool({
    name: 'kubeconform',
    package: 'github.com/yannh/kubeconform/cmd/kubeconform',
    version,
    versionArgs: ['-v'],
    flags: `-X main.version=${version}`,
  });
}

await printWhenMain(import.meta.url, ensureKubeconform);
