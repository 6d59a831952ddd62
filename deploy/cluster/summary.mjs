// The table of a run, for a terminal and for the guide.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './command.mjs';

const guide = path.join(root, 'docs', 'guides', 'kubernetes.md');
const [begin, end] = ['<!-- verify-cluster -->', '<!-- /verify-cluster -->'];

/** A line for a row, and one for each of its faults. */
export function lineOf({ name, seen, faults, seconds }) {
  const head = `${faults.length === 0 ? 'pass' : 'FAIL'}  ${name.padEnd(16)} ${String(seconds).padStart(4)} s  ${seen}`;
  return [head.trimEnd(), ...faults.map((fault) => `      ${fault.replaceAll('\n', '\n      ')}`)].join('\n');
}

/** Puts what was seen between the guide's markers: the rows of this run, each with its date and commit, and those of runs at the same place as they were. */
export function writeGuide(results, { titles, commit, where, now = new Date() }) {
  writeFileSync(guide, withResults(readFileSync(guide, 'utf8'), results, { titles, commit, where, now }));
}

/**
 * The guide's text with the rows of a run. `titles`: of all rows, in order. `where` stands above all of them, so that rows of another place are
 * taken out.
 */
export function withResults(text, results, { titles, commit, where, now }) {
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (from < begin.length || to < from) throw new Error(`docs/guides/kubernetes.md has no ${begin} … ${end}.`);
  const before = text.slice(from, to).split('\n');
  const known = new Map(
    (before.includes(where) ? before : [])
      .filter((line) => line.startsWith('| '))
      .map((line) => [line.split(' | ')[0].slice(2), line]),
  );
  for (const { title, seen, faults } of results) {
    const result = faults.length === 0 ? 'pass' : 'FAIL';
    const when = `${now.toISOString().slice(0, 10)}, ${commit}`;
    known.set(title, `| ${title} | ${result} | ${when} | ${cell([seen, ...faults].filter(Boolean).join('; '))} |`);
  }
  const lines = titles.map((title) => known.get(title)).filter(Boolean);
  const table = ['| what | result | run | seen |', '| --- | --- | --- | --- |', ...lines].join('\n');
  return `${text.slice(0, from)}\n\n${where}\n\n${table}\n\n${text.slice(to)}`;
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
