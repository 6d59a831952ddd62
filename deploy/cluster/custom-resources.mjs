// Kinds that are not Kubernetes' own, from the modules that define them, so that the API server can judge the chart's objects of these kinds.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { customResources } from '../../scripts/tools/kubernetes-schemas.mjs';
import { moduleFolder } from '../../scripts/tools/go-tool.mjs';

/** Makes them known where they are not. */
export async function applyCustomResources(kubernetes) {
  for (const [module, version, where, files] of customResources) {
    const folder = path.join(await moduleFolder(module, version), where);
    for (const file of files) {
      const name = file.replace(/^([^_]+)_(.*)\.yaml$/, '$2.$1');
      const known = await kubernetes.kubectl('get', 'crd', name, '--ignore-not-found', '-o', 'name');
      if (!known.trim()) await kubernetes.apply(await readFile(path.join(folder, file), 'utf8'));
      await kubernetes.kubectl('wait', '--for=condition=Established', `crd/${name}`, '--timeout=30s');
    }
  }
}
