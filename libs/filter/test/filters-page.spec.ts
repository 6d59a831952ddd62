import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultFilterLimits } from '../src/index.js';
import { filterTexts } from '../src/filter-texts.js';
import { operators } from '../src/operators/index.js';
import { maxExpandedFilters, maxExpandedRules } from '../src/transform/expand-condition.js';

const page = readFileSync(new URL('../../../docs/reference/filters.md', import.meta.url), 'utf8');

/** The cells of the table rows under a heading, without the head of the table. */
function readTable(heading: string): string[][] {
  const [, section = ''] = page.split(`${heading}\n`);
  const [body = ''] = section.split(/\n##/);
  return body
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
    .slice(2);
}

/** Code in Markdown, without its quotes. */
const unquote = (cell: string | undefined) => (cell ?? '').replace(/^(`+)(.*)\1$/, '$2');

describe('docs/reference/filters.md', () => {
  it('should list the operators in the order of the code', () => {
    const names = readTable('### Operators').map(([name]) => unquote(name));
    expect(names).toStrictEqual(Object.keys(operators));
  });

  it('should give every limit with its default', () => {
    const limits = readTable('### Limits').map(([, value, name]) => [unquote(name), Number(value)]);
    expect(Object.fromEntries(limits)).toStrictEqual(defaultFilterLimits);
  });

  it("should quote AppSync's texts to the letter", () => {
    const { maxFields, maxFilters, maxInValues } = defaultFilterLimits;
    const texts = readTable('### What a refused filter says').map(([text]) => unquote(text));
    expect(texts).toStrictEqual([
      filterTexts.tooManyFields(maxFields),
      filterTexts.tooManyFilters(maxFilters),
      filterTexts.tooManyValues('in', maxInValues),
      filterTexts.invalidValue('in'),
      filterTexts.repeatedField,
    ]);
    expect(texts).toHaveLength(Object.keys(filterTexts).length);
  });

  it('should give the bounds of the transform', () => {
    expect(page).toContain(`more than ${maxExpandedFilters.toLocaleString('en')} filters`);
    expect(page).toContain(`${maxExpandedRules.toLocaleString('en')} rules`);
  });
});
