import { describe, expect, it } from 'vitest';
import { FaultList, formatFault } from '../fault.js';
import { stripTypes } from './strip-types.js';

function strip(text: string) {
  const faults = new FaultList();
  return {
    stripped: stripTypes({ name: 'functions/save.ts', text }, faults)?.text,
    faults: faults.sorted().map(formatFault),
  };
}

describe('TypeScript', () => {
  it('should lose its types, and keep the place of all else', () => {
    const { stripped, faults } = strip(
      "import type { Context } from '@aws-appsync/utils';\nexport function request(ctx: Context): object {\n  return { id: ctx.args.id as string };\n}\n",
    );
    expect(faults).toEqual([]);
    expect(stripped?.split('\n').map((line) => line.trimEnd())).toEqual([
      '',
      'export function request(ctx         )         {',
      '  return { id: ctx.args.id           };',
      '}',
      '',
    ]);
  });

  it.each([
    [
      'an enum',
      'const a = 1;\nenum B { C }',
      'functions/save.ts:2:1  TypeScript enum is not supported. Only types can be left out of the code.',
    ],
    [
      'a namespace',
      '\n\n\t\tnamespace A { export const b = 1 }',
      'functions/save.ts:3:3  TypeScript namespace declaration is not supported. Only types can be left out of the code.',
    ],
  ])('should be refused at its place for %s', (_what, text, fault) => {
    expect(strip(text)).toEqual({ stripped: undefined, faults: [fault] });
  });

  it('should be refused at its place for a syntax error', () => {
    const { stripped, faults } = strip('const a = 1;\nconst b: = 3;');
    expect(stripped).toBeUndefined();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^functions\/save\.ts:2:10 {2}Unexpected token/);
  });
});
