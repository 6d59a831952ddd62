// Copies files into an image: the same bytes, modes and times on every machine.
import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';

/** What no program reads: types, maps, and prose. Licences must go along with what they are for. */
const isIdle = (name) => /\.([cm]?ts|map|md|markdown|flow|tsbuildinfo)$/i.test(name) && !isLicence(name);
const isLicence = (name) => /^(licen[cs]e|notice|copying|copyright)/i.test(name);

/** Copies a folder without what no program reads. `skips` is asked about each path under it, with slashes. */
export function copyTree(from, to, skips = () => false, prefix = '') {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const relative = prefix + entry.name;
    if (skips(relative)) continue;
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) copyTree(source, target, skips, `${relative}/`);
    else if (entry.isFile() && !isIdle(entry.name)) copyFile(source, target);
  }
}

/** Copies a file, and makes the folders that it is in. */
export function copyFile(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/**
 * Gives everything in a folder, and the folder, one time and modes that depend on nothing but the files: readable by all, writable by
 * the owner, and executable by all where it is by anybody.
 *
 * @param {number} seconds since 1970
 */
export function settle(folder, seconds) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) settle(file, seconds);
    else settleOne(file, statSync(file).mode & 0o111 ? 0o755 : 0o644, seconds);
  }
  // After what is in it, which has changed its time.
  settleOne(folder, 0o755, seconds);
}

function settleOne(file, mode, seconds) {
  chmodSync(file, mode);
  utimesSync(file, seconds, seconds);
}
