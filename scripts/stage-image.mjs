// node scripts/stage-image.mjs OUT [--base ROOT]: puts the files of the container image into the folder OUT, which must not be there
// yet, from node_modules and dist, which must. deploy/Dockerfile and the tests of the image use it, so both have the same files.
//
//   OUT/server/app       what servers need: api, gateway, the tools of the CLI, and the packages of "dependencies"
//   OUT/standalone/app   what `npm start` needs on top of that: a DynamoDB, a user pool, an issuer, and the examples
//
// Each has the bill of materials (sbom.cdx.json) of the image that it is the last layer of, with what ROOT, the file system of the base
// image, brings. Files have the time of SOURCE_DATE_EPOCH, or 0: two runs on the same lockfile and sources make the same layers.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { copyFile, copyTree, settle } from './image/copy-tree.mjs';
import { closureOf } from './image/packages.mjs';
import { billOfMaterials } from './sbom.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...names) => path.join(root, ...names);

/** Packages of "devDependencies" that `npm start` is made of: stand-ins for services that servers have really. */
const standIns = [
  '@aws-sdk/client-cognito-identity-provider',
  'cognito-local',
  'dynalite',
  'oidc-provider',
  'selfsigned',
];

const { values, positionals } = parseArgs({ options: { base: { type: 'string' } }, allowPositionals: true });
if (positionals.length !== 1 || existsSync(positionals[0])) {
  process.stderr.write('Usage: node scripts/stage-image.mjs OUT [--base ROOT], where OUT is not there yet\n');
  process.exit(1);
}
stage(path.resolve(positionals[0]), values.base);

function stage(out, base) {
  const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const locked = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  const names = Object.keys(manifest.dependencies);
  const forServers = closureOf(locked, names);
  const forStandalone = closureOf(locked, [...names, ...standIns]);
  const server = path.join(out, 'server', 'app');
  const standalone = path.join(out, 'standalone', 'app');

  copyFile(at('LICENSE'), path.join(server, 'LICENSE'));
  copyFile(at('deploy', 'image', 'starling.mjs'), path.join(server, 'starling.mjs'));
  for (const name of readdirSync(at('dist', 'libs'))) if (name !== 'testing') copySources(server, 'libs', name);
  for (const name of ['api', 'gateway', 'cli']) copySources(server, 'apps', name);
  for (const folder of forServers) copyPackage(server, folder, locked[folder]);
  writeManifest(server, manifest, names);

  copySources(standalone, 'apps', 'standalone');
  copyTree(at('examples'), path.join(standalone, 'examples'));
  for (const folder of forStandalone) if (!forServers.has(folder)) copyPackage(standalone, folder, locked[folder]);
  writeManifest(standalone, { ...manifest, dependencies: { ...manifest.devDependencies, ...manifest.dependencies } }, [
    ...names,
    ...standIns,
  ]);

  for (const [app, layers] of [
    [server, [server]],
    [standalone, [server, standalone]],
  ]) {
    const bill = JSON.stringify(billOfMaterials(layers, { base, locked }), null, 2);
    writeFileSync(path.join(app, 'sbom.cdx.json'), `${bill}\n`);
  }
  // Where `npm start` keeps what it makes, whoever it runs as; a volume that is mounted here is made likewise.
  const data = path.join(standalone, '.starling');
  mkdirSync(data);
  settle(out, Number(process.env.SOURCE_DATE_EPOCH ?? 0));
  chmodSync(data, 0o1777);
}

/** The compiled program of an app or a library, without its tests. */
function copySources(app, kind, name) {
  copyTree(at('dist', kind, name), path.join(app, 'dist', kind, name), (file) => file.split('/').includes('test'));
}

/** A package without the packages in it, which come by themselves; nothing of one that has only types. */
function copyPackage(app, folder, { optional }) {
  const from = at(folder);
  // For another platform.
  if (optional && !existsSync(from)) return;
  if (!hasProgram(from)) return;
  copyTree(from, path.join(app, folder), (file) => file.split('/').includes('node_modules'));
}

function hasProgram(folder) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? entry.name !== 'node_modules' && hasProgram(path.join(folder, entry.name))
      : /\.([cm]?js|json|node|wasm)$/.test(entry.name) && entry.name !== 'package.json',
  );
}

/** What Node needs to know of the whole, and which packages are asked for. */
function writeManifest(app, { name, version, license, type, imports, dependencies }, names) {
  const compiled = Object.entries(imports).map(([key, targets]) => [key, targets.default]);
  const content = {
    name,
    version,
    license,
    type,
    imports: Object.fromEntries(compiled),
    dependencies: Object.fromEntries(names.sort().map((each) => [each, dependencies[each]])),
  };
  mkdirSync(app, { recursive: true });
  writeFileSync(path.join(app, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
}
