import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errors, unauthorizedTexts } from '../src/index.js';

const page = readFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8');

/** The text under a heading of the third level, up to the next heading. */
const sectionOf = (code: string) => page.split(`\n### ${code}\n`)[1]?.split(/\n##/)[0] ?? '';

describe('docs/reference/errors.md', () => {
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
