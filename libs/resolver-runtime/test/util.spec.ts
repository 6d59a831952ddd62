import { FieldError } from '#libs/protocol';
import { describe, expect, it } from 'vitest';
import cases from './util.json' with { type: 'json' };
import { createContext, createRun, evaluate, runTemplate } from './fixtures.js';

interface UtilCase {
  readonly call: string;
  readonly value?: unknown;
  readonly error?: string;
}

function catchError(template: string, run = createRun()): unknown {
  try {
    evaluate(template, createContext(), run);
  } catch (error) {
    return error;
  }
  throw new Error(`no error: ${template}`);
}

describe('util', () => {
  it.each(cases as readonly UtilCase[])('should answer $call', ({ call, value, error }) => {
    const run = () => runTemplate(`#return(${call.replaceAll('util.', '$util.')})`).value;
    if (error === undefined) {
      expect(run()).toEqual(value);
    } else {
      expect(run).toThrow(
        expect.objectContaining({
          name: 'FieldError',
          errorType: 'MappingTemplate',
          message: expect.stringContaining(error) as string,
        }),
      );
    }
  });

  it('should make ids of the right form from the randomness of the system', () => {
    const [uuid, ulid, random] = evaluate(
      '["$util.autoId()", "$util.autoUlid()", $util.math.randomDouble()]',
      createContext(),
      createRun({ random: undefined }),
    ) as [string, string, number];
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ulid).toMatch(/^01C5P7XAC5[0-9A-HJKMNP-TV-Z]{16}$/);
    expect(random).toBeGreaterThanOrEqual(0);
    expect(random).toBeLessThan(1);
  });

  it('should make a KSUID of its time and its random bytes', () => {
    const bytes = [0xb5, 0xa1, 0xcd, 0x34, 0xb5, 0xf9, 0x9d, 0x11, 0x54, 0xfb, 0x68, 0x53, 0x34, 0x5c, 0x97, 0x35];
    const run = createRun({
      clock: () => 1_507_608_047_000,
      random: () => (bytes.shift() ?? 0) / 256,
    });
    expect(evaluate('"$util.autoKsuid()"', createContext(), run)).toBe('0ujtsYcgvSTl8PAuAdqWYSMnLOv');
  });
});

describe('util.error', () => {
  it('should end the run with message, type, data and info', () => {
    expect(catchError('$util.error("no", "Conflict", {"id": 1}, ["info"]) not JSON')).toEqual(
      new FieldError('no', 'Conflict', { id: 1 }, ['info']),
    );
  });

  it('should have no type when none is given', () => {
    expect(catchError('$util.error("no")')).toMatchObject({
      message: 'no',
      errorType: null,
      data: null,
      errorInfo: null,
    });
  });

  it('should collect errors of appendError and go on', () => {
    const run = createRun();
    expect(evaluate('$util.appendError("a", "A", [1])$util.appendError("b") {"id": 1}', createContext(), run)).toEqual({
      id: 1,
    });
    expect(run.effects.errors).toMatchObject([
      { message: 'a', errorType: 'A', data: [1] },
      { message: 'b', errorType: null },
    ]);
  });

  it('should be raised by validate when its condition is false', () => {
    expect(evaluate('$util.validate($ctx.args.id == "7", "no") "ok"')).toBe('ok');
    expect(catchError('$util.validate(false, "no")')).toMatchObject({
      message: 'no',
      errorType: 'CustomTemplateException',
    });
    expect(catchError('$util.validate(false, "no", "Mine", {"a": 1})')).toMatchObject({
      errorType: 'Mine',
      data: { a: 1 },
    });
  });

  it('should be the text of a denied field for unauthorized', () => {
    expect(catchError('$util.unauthorized()')).toMatchObject({
      message: 'Not Authorized to access createTask on type Mutation',
      errorType: 'Unauthorized',
    });
  });
});

describe('util.log', () => {
  it('should write formatted messages by level and print nothing', () => {
    const lines: string[] = [];
    const run = createRun({ log: (level, message) => lines.push(`${level}: ${message}`) });
    const text =
      '$util.log.info("a {} b {} {}", 1, {"k": 2})$util.log.debug($ctx.args.tags)$util.log.error("e {}", [3])';
    expect(evaluate(text, createContext(), run)).toBeNull();
    expect(lines).toEqual(['info: a 1 b {k=2} {}', 'debug: [urgent, roof]', 'error: e 3']);
  });

  it('should be silent without a log', () => {
    expect(evaluate('$util.log.info("a")')).toBeNull();
  });
});
