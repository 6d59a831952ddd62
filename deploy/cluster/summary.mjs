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

/** Puts what was seen between the guide's markers: rows of this run, and the others as they were. */
export function writeGuide(results, { facts, now = new Date() }) {
  const text = readFileSync(guide, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/guides/kubernetes.md has no ${begin} … ${end}.`);
  const date = now.toISOString().slice(0, 10);
  const lines = results.map(
    ({ title, seen, faults }) =>
      `| ${title} | ${faults.length === 0 ? 'pass' : 'FAIL'} | ${cell([seen, ...faults].filter(Boolean).join('; '))} |`,
  );
  const table = [`${date}, ${facts}:`, '', '| what | result | seen |', '| --- | --- | --- |', ...lines].join('\n');
  writeFileSync(guide, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
