// What is installed in a folder or a file system, by what is really there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Every npm package under a folder's node_modules, however deep.
 *
 * @returns {{ folder: string, manifest: object }[]} sorted by folder; folders are relative and have slashes
 */
export function npmPackagesIn(root, prefix = '') {
  const found = [];
  const modules = path.join(root, prefix, 'node_modules');
  if (!existsSync(modules)) return found;
  for (const name of packageNames(modules)) {
    const folder = `${prefix}node_modules/${name}`;
    const file = path.join(root, folder, 'package.json');
    if (existsSync(file)) found.push({ folder, manifest: JSON.parse(readFileSync(file, 'utf8')) });
    found.push(...npmPackagesIn(root, `${folder}/`));
  }
  return found.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function packageNames(modules) {
  const names = readdirSync(modules).filter((name) => !name.startsWith('.'));
  return names.flatMap((name) =>
    name.startsWith('@') ? readdirSync(path.join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}

/**
 * The packages of Debian, or of what is made from it, in a file system. None where it has none.
 *
 * @returns {{ name: string, version: string, architecture: string }[]}
 */
export function debianPackagesIn(root) {
  const file = path.join(root, 'var/lib/dpkg/status');
  if (!existsSync(file)) return [];
  const paragraphs = readFileSync(file, 'utf8').split(/\n\n+/);
  return paragraphs
    .map((text) => Object.fromEntries([...text.matchAll(/^([\w-]+): (.*)$/gm)].map(([, key, value]) => [key, value])))
    .filter((fields) => fields.Status?.endsWith(' installed'))
    .map((fields) => ({ name: fields.Package, version: fields.Version, architecture: fields.Architecture }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The name in /etc/os-release (`debian`), which package addresses have in front. */
export function distributionOf(root) {
  const file = path.join(root, 'etc/os-release');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return /^ID="?([\w.-]+)"?$/m.exec(text)?.[1] ?? 'debian';
}
