// node scripts/tools/kubernetes-schemas.mjs prints the folder of JSON schemas that kubeconform reads:
//   kubeconform -strict -schema-location "$(node scripts/tools/kubernetes-schemas.mjs)/{{.ResourceKind}}{{.KindSuffix}}.json"
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { cacheFolder, moduleFolder, printWhenMain } from './go-tool.mjs';

/** Kubernetes whose API manifests are checked against. */
export const kubernetesVersion = 'v1.34.4';

/** Changes with what is made of the modules below, so that what an older script made is not used. */
const form = 1;

/** Kinds that are not Kubernetes's own: the module that defines them, its version, the folder in it, the files. */
export const customResources = [
  [
    'github.com/prometheus-operator/prometheus-operator',
    'v0.85.0',
    'example/prometheus-operator-crd',
    ['monitoring.coreos.com_servicemonitors.yaml', 'monitoring.coreos.com_prometheusrules.yaml'],
  ],
  ['sigs.k8s.io/gateway-api', 'v1.4.0', 'config/crd/standard', ['gateway.networking.k8s.io_httproutes.yaml']],
  ['github.com/kedacore/keda/v2', 'v2.21.0', 'config/crd/bases', ['keda.sh_scaledobjects.yaml']],
];

/** The folder of the schemas, generated from the modules' own descriptions where it is missing. Unknown fields are refused by them. */
export async function ensureSchemas() {
  const folder = path.join(cacheFolder, `kubernetes-schemas-${kubernetesVersion}-${form}`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const beside = await mkdtemp(path.join(cacheFolder, 'kubernetes-schemas-'));
  try {
    await writeOwnKinds(beside);
    for (const [module, version, where, files] of customResources) {
      const source = path.join(await moduleFolder(module, version), where);
      for (const file of files) await writeCustomKind(await readFile(path.join(source, file), 'utf8'), beside);
    }
    await chmod(beside, 0o755);
    await rename(beside, folder).catch((error) => {
      // Another run was faster; its schemas are as good.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

/** From Kubernetes's OpenAPI description: one file for each kind, with the definitions that it reaches. */
async function writeOwnKinds(folder) {
  const module = await moduleFolder('k8s.io/kubernetes', kubernetesVersion);
  const source = await readFile(path.join(module, 'api', 'openapi-spec', 'swagger.json'), 'utf8');
  const { definitions } = JSON.parse(source);
  const strict = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, toSchema(definition, true)]),
  );
  strict['io.k8s.apimachinery.pkg.api.resource.Quantity'] = { type: ['string', 'number', 'null'] };
  for (const definition of Object.values(definitions)) {
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      const root = toSchema(definition, false);
      const names = reachedFrom(JSON.stringify(root), strict);
      root.definitions = Object.fromEntries([...names].map((name) => [name, strict[name]]));
      await writeKind(folder, { group, version, kind }, root);
    }
  }
}

/** From a CustomResourceDefinition: one file for each version that is served. */
async function writeCustomKind(text, folder) {
  const { spec } = parse(text);
  for (const { name: version, schema, served } of spec.versions) {
    if (!served) continue;
    const root = toSchema(schema.openAPIV3Schema, false);
    // The API server knows what metadata is; the definition says `object` only.
    root.properties.metadata = { type: 'object' };
    await writeKind(folder, { group: spec.group, version, kind: spec.names.kind }, root);
  }
}

/** kubeconform's name of a schema: kind, first word of the group, version, in lower case. */
async function writeKind(folder, { group, version, kind }, root) {
  if (root.properties?.kind) {
    root.properties.kind = { type: 'string', enum: [kind] };
    root.properties.apiVersion = { type: 'string', enum: [group ? `${group}/${version}` : version] };
    root.required = [...new Set([...(root.required ?? []), 'kind', 'apiVersion'])];
  }
  // Written by the cluster, never by a manifest.
  if (root.properties?.status) root.properties.status = {};
  const suffix = group ? `-${group.split('.')[0]}-${version}` : `-${version}`;
  await writeFile(path.join(folder, `${kind}${suffix}.json`.toLowerCase()), JSON.stringify(root));
}

const kept = ['$ref', 'required', 'enum', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'];

/** JSON schema of an OpenAPI one. The API takes null for an absent field, so every optional value may also be null. */
function toSchema(source, isNullable) {
  const schema = Object.fromEntries(kept.filter((key) => key in source).map((key) => [key, source[key]]));
  const isNumberOrText = source.format === 'int-or-string' || source['x-kubernetes-int-or-string'];
  const types = isNumberOrText ? ['string', 'integer'] : source.type ? [source.type] : [];
  if (types.length > 0) schema.type = isNullable ? [...types, 'null'] : types.length > 1 ? types : types[0];
  if (schema.enum && isNullable) schema.enum = [...schema.enum, null];
  if (source.items) schema.items = toSchema(source.items, false);
  if (typeof source.additionalProperties === 'object')
    schema.additionalProperties = toSchema(source.additionalProperties, true);
  if (source.properties) {
    schema.properties = Object.fromEntries(
      Object.entries(source.properties).map(([name, value]) => [
        name,
        toSchema(value, !source.required?.includes(name)),
      ]),
    );
    if (!source['x-kubernetes-preserve-unknown-fields']) schema.additionalProperties ??= false;
  }
  return schema;
}

function reachedFrom(text, definitions, names = new Set()) {
  for (const [, name] of text.matchAll(/"#\/definitions\/([^"]+)"/g)) {
    if (names.has(name)) continue;
    names.add(name);
    reachedFrom(JSON.stringify(definitions[name]), definitions, names);
  }
  return names;
}

await printWhenMain(import.meta.url, ensureSchemas);
