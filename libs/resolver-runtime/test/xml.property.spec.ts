import type { ValueMap } from '#libs/resolver-runtime';
import { toValue } from '#libs/resolver-runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContext, evaluate } from './fixtures.js';

function toMap(xml: string): unknown {
  return evaluate('#return($util.xml.toMap($ctx.args.xml))', createContext({ args: toValue({ xml }) as ValueMap }));
}

describe('util.xml.toMap', () => {
  it('should only ever throw a FieldError', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '/',
      'a',
      '="',
      '"',
      '&',
      ';',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '</a>',
      ' ',
    );
    const documents = fc.array(pieces, { maxLength: 30 }).map((parts) => `<a>${parts.join('')}</a>`);
    fc.assert(
      fc.property(documents, (xml) => {
        try {
          toMap(xml);
        } catch (error) {
          expect(error).toMatchObject({ name: 'FieldError', errorType: 'MappingTemplate' });
        }
      }),
      { numRuns: 500 },
    );
  });
});
