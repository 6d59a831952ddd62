// node scripts/sbom.mjs FOLDER… [--base ROOT]: prints the software bill of materials of an image, as CycloneDX 1.6 JSON. The FOLDERs
// are what scripts/stage-image.mjs has made, in the order of their layers, each with a package.json and node_modules; ROOT is the file
// system of the base image, for what that brings: Node, npm and Debian's packages. What is listed is what is there, whatever the lockfile says.
// Two runs on the same files print the same bytes: the time is that of SOURCE_DATE_EPOCH, if it is set.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { debianPackagesIn, distributionOf, npmPackagesIn } from './image/installed-packages.mjs';

/**
 * The bill of materials of an image.
 *
 * @param {readonly string[]} folders of its layers; the last one's package.json counts
 * @param {object} [options]
 * @param {string} [options.base] file system of the base image
 * @param {Record<string, object>} [options.locked] `packages` of the lockfile: the sums of the archives that packages came in
 */
export function billOfMaterials(folders, { base, locked = {} } = {}) {
  const manifest = JSON.parse(readFileSync(path.join(folders.at(-1), 'package.json'), 'utf8'));
  const packages = folders.flatMap((folder) => npmPackagesIn(folder));
  const reference = new Map(packages.map((each) => [each.folder, npmAddress(each.manifest)]));
  const subject = {
    type: 'application',
    'bom-ref': npmAddress(manifest),
    name: manifest.name,
    version: manifest.version,
    licenses: [{ license: { id: manifest.license } }],
    purl: npmAddress(manifest),
  };
  const components = unique([
    ...packages.map((each) => npmComponent(each.manifest, locked[each.folder]?.integrity)),
    ...(base === undefined ? [] : baseComponents(base)),
  ]);
  const needed = new Map([[subject['bom-ref'], new Set()]]);
  for (const each of [{ folder: '', manifest }, ...packages]) {
    const from = each.folder === '' ? subject['bom-ref'] : reference.get(each.folder);
    const targets = needed.get(from) ?? new Set();
    const { dependencies = {}, optionalDependencies = {} } = each.manifest;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = lookUp(reference, each.folder, name);
      if (found) targets.add(found);
    }
    needed.set(from, targets);
  }
  const content = {
    metadata: { ...time(), component: subject },
    components,
    dependencies: [...needed].map(([ref, targets]) => ({ ref, dependsOn: [...targets].sort() })),
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
}

function npmComponent(manifest, integrity) {
  const address = npmAddress(manifest);
  const [, group, name] = /^(?:(@[^/]+)\/)?(.+)$/.exec(manifest.name);
  return {
    type: 'library',
    'bom-ref': address,
    ...(group && { group }),
    name,
    version: manifest.version,
    ...hashes(integrity),
    ...licences(manifest),
    purl: address,
  };
}

/** The sum of the archive that the package came in, as the lockfile has it. */
function hashes(integrity) {
  const sum = /sha512-([A-Za-z0-9+/=]+)/.exec(integrity ?? '')?.[1];
  return sum && { hashes: [{ alg: 'SHA-512', content: Buffer.from(sum, 'base64').toString('hex') }] };
}

/** Names of single licences are identifiers of SPDX, compositions are expressions; old packages have objects, or lists of them. */
function licences({ license, licenses }) {
  const given = [license ?? licenses ?? []].flat().map((each) => (typeof each === 'string' ? each : each.type));
  if (given.length === 0 || given.some((each) => !each)) return undefined;
  if (given.length === 1 && /[\s()]/.test(given[0])) {
    return / (OR|AND|WITH) /.test(given[0])
      ? { licenses: [{ expression: given[0] }] }
      : { licenses: [{ license: { name: given[0] } }] };
  }
  return { licenses: given.map((id) => ({ license: isSpdx(id) ? { id } : { name: id } })) };
}

/** Those that npm packages of ours have; others are written as names, which is allowed for any. */
const isSpdx = (id) =>
  /^(MIT|MIT-0|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Python-2\.0|Unlicense|WTFPL|Zlib|Artistic-2\.0|MPL-2\.0)$/.test(
    id,
  );

function baseComponents(base) {
  const distribution = distributionOf(base);
  const debian = debianPackagesIn(base).map(({ name, version, architecture }) => {
    const address = `pkg:deb/${distribution}/${name}@${encodeURIComponent(version)}?arch=${architecture}`;
    return { type: 'library', 'bom-ref': address, name, version, purl: address };
  });
  const version = process.versions.node;
  const node = { type: 'platform', 'bom-ref': `pkg:generic/node@${version}`, name: 'node', version };
  const global = npmPackagesIn(path.join(base, 'usr/local/lib'));
  return [{ ...node, purl: node['bom-ref'] }, ...global.map((each) => npmComponent(each.manifest)), ...debian];
}

/** The same package in two places is one component. */
function unique(components) {
  return [...new Map(components.map((each) => [each['bom-ref'], each])).values()].sort((a, b) =>
    a['bom-ref'] < b['bom-ref'] ? -1 : 1,
  );
}

function npmAddress({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** Where Node finds a package that is asked for from a folder: in the nearest node_modules on the way up. */
function lookUp(reference, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const found = reference.get(`${folder && `${folder}/`}node_modules/${name}`);
    if (found || folder === '') return found;
  }
}

function time() {
  const seconds = process.env.SOURCE_DATE_EPOCH;
  return seconds ? { timestamp: new Date(Number(seconds) * 1000).toISOString() } : {};
}

/** A UUID of version 8 that only the text decides. */
function uuidOf(text) {
  const sum = createHash('sha256').update(text).digest('hex');
  return `${sum.slice(0, 8)}-${sum.slice(8, 12)}-8${sum.slice(13, 16)}-a${sum.slice(17, 20)}-${sum.slice(20, 32)}`;
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ options: { base: { type: 'string' } }, allowPositionals: true });
  if (positionals.length === 0) {
    process.stderr.write('Usage: node scripts/sbom.mjs FOLDER… [--base ROOT]\n');
    process.exit(1);
  }
  const lockfile = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
  const locked = existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, 'utf8')).packages : {};
  process.stdout.write(`${JSON.stringify(billOfMaterials(positionals, { base: values.base, locked }), null, 2)}\n`);
}
