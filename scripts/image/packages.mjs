// Which npm packages a program needs, read from package-lock.json as Node would find them.
import path from 'node:path';

/**
 * The folders (`node_modules/…`) of all packages that `roots` need at run time: their dependencies, those that are optional, and the
 * peers that are not, however deep. A platform's package that is for another platform is among them.
 *
 * @param {Record<string, object>} packages `packages` of the lockfile
 * @param {readonly string[]} roots names of packages
 * @returns {Set<string>}
 */
export function closureOf(packages, roots) {
  const found = new Set();
  const waiting = roots.map((name) => ({ name, from: '' }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const folder = resolve(packages, next.from, next.name);
    if (folder === undefined) {
      if (next.isOptional) continue;
      throw new Error(`package-lock.json has no ${next.name}, which ${next.from || 'the image'} needs.`);
    }
    if (found.has(folder)) continue;
    found.add(folder);
    const {
      dependencies = {},
      optionalDependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = packages[folder];
    const needed = Object.keys(dependencies).map((name) => ({ name }));
    const optional = Object.keys(optionalDependencies).map((name) => ({ name, isOptional: true }));
    const peers = Object.keys(peerDependencies)
      .filter((name) => !peerDependenciesMeta[name]?.optional)
      .map((name) => ({ name }));
    for (const each of [...needed, ...optional, ...peers]) waiting.push({ ...each, from: folder });
  }
  return found;
}

/** Where Node finds a package that is asked for from a folder: beside it, or in a folder above. */
function resolve(packages, from, name) {
  for (let folder = from; ; folder = path.posix.dirname(folder)) {
    if (path.posix.basename(folder) !== 'node_modules') {
      const candidate = path.posix.join(folder, 'node_modules', name);
      if (packages[candidate]) return candidate;
    }
    if (folder === '' || folder === '.') return undefined;
  }
}
