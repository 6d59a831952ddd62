import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { closes, errors, libraryCloses, unauthorizedTexts } from '../src/index.js';

const page = readFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8');

/** The text under a heading of the third level, up to the next heading. */
const sectionOf = (code: string) => page.split(`\n### ${code}\n`)[1]?.split(/\n##/)[0] ?? '';

/** The rows of the table with this head, cell by cell. */
const rowsBelow = (head: string) =>
  (page.split(`\n${head}\n`)[1]?.split('\n\n')[0] ?? '')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.slice(2, -2).split(' | '));

const yesOrNo = (is: boolean) => (is ? 'yes' : 'no');

describe('docs/reference/errors.md', () => {
  it('should list the codes with their type, their status and whether trying again can help', () => {
    expect(rowsBelow('| code | `errorType` | status | can trying again help? |')).toEqual(
      Object.values(errors).map(({ code, errorType, status, retryable }) => [
        `[${code}](#${code.toLowerCase()})`,
        `\`${errorType}\``,
        String(status),
        yesOrNo(retryable),
      ]),
    );
  });

  it('should list every close of ours with its code, its reason, whether to come back and what helps', () => {
    const rows = rowsBelow('| name | code | reason | come back? | what helps |');
    expect(rows.map((cells) => cells.slice(0, 4))).toEqual(
      Object.entries(closes).map(([name, { code, reason, shouldReconnect }]) => [
        `\`${name}\``,
        String(code),
        `\`${reason}\``,
        yesOrNo(shouldReconnect),
      ]),
    );
    for (const [name, , , , help] of rows) expect(help, name).toMatch(/\w{2}/);
  });

  it('should list every close of the libraries with its code and what helps', () => {
    const rows = rowsBelow('| name | code | what helps |');
    expect(rows.map((cells) => cells.slice(0, 2))).toEqual(
      Object.entries(libraryCloses).map(([name, code]) => [`\`${name}\``, String(code)]),
    );
    for (const [name, , help] of rows) expect(help, name).toMatch(/\w{2}/);
  });

  it('should have one anchor for each code of the registry, in its order, and no other', () => {
    const anchors = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(anchors).toEqual(Object.keys(errors));
  });

  it.each(Object.values(errors))('should give type, status and help for $code', ({ code, errorType, status }) => {
    expect(sectionOf(code).trim()).toMatch(new RegExp(`^\`${errorType}\`, ${status}[.,;]`));
    expect(sectionOf(code)).toContain('*What helps:*');
  });

  it("should quote AppSync's texts for refused credentials to the letter", () => {
    for (const text of Object.values(unauthorizedTexts)) expect(sectionOf('UNAUTHORIZED')).toContain(`| \`${text}\` |`);
  });

  it('should lead only to anchors that are there', () => {
    const anchors = new Set(
      [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-')),
    );
    const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(anchors).toContain(link);
  });
});
