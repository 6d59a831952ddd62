import { FieldError } from '#libs/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TemplateSyntaxError } from '#libs/resolver-runtime';
import { createContext, createRun, runTemplate } from './fixtures.js';
import { validTemplates } from './template-arbitraries.js';

/** Pieces that make templates which get past the parser far more often than random characters do. */
const pieces = fc.constantFrom(
  ...['#if(', '#elseif(', '#else', '#end', '#set(', '#foreach($x in ', '#break', '#stop', '#return', '#return('],
  ...[
    '$x',
    '$ctx',
    '$ctx.args',
    '$ctx.args.tags',
    '${x}',
    '$!{x.y}',
    '$foreach',
    '$util.toJson(',
    '$util.qr(',
    '$util.error(',
  ],
  ...[
    '.put(',
    '.add(',
    '.get(',
    '.size()',
    '.split(',
    '.replaceAll(',
    '.remove(',
    '.addAll(',
    '.entrySet()',
    '.substring(',
  ],
  ...[
    '"',
    "'",
    '"a$x"',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '..',
    '=',
    '==',
    ' and ',
    '||',
    '!',
    '+',
    '-',
    '*',
    '/',
    '%',
  ],
  ...[
    '0',
    '1',
    '-7',
    '1e308',
    '1000000',
    'true',
    'null',
    ' ',
    '\n',
    '\\',
    '##',
    '#*',
    '*#',
    '#[[',
    ']]#',
    '__proto__',
    '.constructor',
  ],
  ...[
    '$util.dynamodb.toDynamoDB(',
    '$util.parseJson(',
    '$util.transform.toSubscriptionFilter(',
    '$extensions.invalidateSubscriptions(',
    '$util.list.sortList(',
    '$util.matches(',
    '$util.time.epochMilliSecondsToISO8601(',
  ],
  ...['#set($x = [1, "a", {"k": null}])', '#set($x.y = $x)', '#set($x[0] = $x)', '$x.add($x)', '$x.put("k", $x)'],
);

const randomTexts = fc.oneof(
  { weight: 4, arbitrary: fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

/** Runs the template; anything thrown but the two expected errors fails the property. True when it was accepted at load. */
function survives(template: string): boolean {
  try {
    runTemplate(template, createContext(), createRun({ limits: { maxSteps: 20_000, maxBytes: 1_000_000 } }));
    return true;
  } catch (error) {
    expect(error instanceof FieldError || error instanceof TemplateSyntaxError, String(error)).toBe(true);
    return error instanceof FieldError;
  }
}

describe('any text as a template', () => {
  it('should give a value or one of the two expected errors', () => {
    fc.assert(
      fc.property(randomTexts, (template) => {
        survives(template);
      }),
      { numRuns: 3000 },
    );
  });

  it('should run when it is well formed, and then give a value or a field error', () => {
    fc.assert(
      fc.property(fc.array(validTemplates, { minLength: 1, maxLength: 8 }), (statements) => {
        expect(survives(statements.join(' '))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('should come out as it is when it has no sign of the language', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const plain = text.replace(/[$#\\]/g, '');
        const { value } = runTemplate(`#set($t = '${plain.replaceAll("'", "''")}')#return($t)`);
        expect(value).toBe(plain);
      }),
    );
  });
});
