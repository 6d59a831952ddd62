import { toValue } from '#libs/resolver-runtime';
import type { Value } from '#libs/resolver-runtime';
import { describe, expect, it } from 'vitest';
import { isTemplateTag } from '../src/modules/module-member.js';
import { rdsModule } from '../src/modules/rds/index.js';
import type { UtilCall } from '../src/util/util-function.js';
import { callModule, createCall } from './module-fixtures.js';
import cases from './rds-module-cases.json' with { type: 'json' };

interface StatementCase {
  readonly story: string;
  readonly call: string;
  readonly args: readonly unknown[];
  readonly value?: unknown;
  readonly error?: string;
}

/** `{$call: 'select', args: […]}` is what the call gives, `{$sql: [texts], values: […]}` what the template gives. */
function evaluateArgument(argument: unknown, call: UtilCall): unknown {
  if (Array.isArray(argument)) {
    return argument.map((item) => evaluateArgument(item, call));
  }
  if (typeof argument !== 'object' || argument === null) {
    return argument;
  }
  const members = Object.fromEntries(
    Object.entries(argument).map(([key, value]) => [key, evaluateArgument(value, call)]),
  );
  if (typeof members['$call'] === 'string') {
    return callModule(rdsModule, members['$call'], members['args'] as unknown[], call);
  }
  return '$sql' in members ? makeTemplate(members['$sql'] as string[], members['values'] as unknown[], call) : members;
}

function makeTemplate(strings: readonly string[], values: readonly unknown[], call: UtilCall): Value {
  const sql = rdsModule['sql'];
  if (typeof sql !== 'object' || !isTemplateTag(sql)) {
    throw new Error('sql is no tag');
  }
  return sql.tag(strings, values.map(toValue), call);
}

function build({ call: builder, args }: Pick<StatementCase, 'call' | 'args'>, call = createCall()): Value {
  return callModule(rdsModule, builder, evaluateArgument(args, call) as unknown[], call);
}

describe('@aws-appsync/utils/rds', () => {
  it.each(cases.recorded.cases as readonly StatementCase[])('should do what AWS does with $story', (statementCase) => {
    if (statementCase.error === undefined) {
      expect(build(statementCase)).toEqual(statementCase.value);
    } else {
      expect(() => build(statementCase)).toThrow(
        expect.objectContaining({ name: 'FieldError', errorType: 'Code', message: statementCase.error }),
      );
    }
  });

  it.each(cases.described.cases as readonly StatementCase[])('should write $story', (statementCase) => {
    expect(build(statementCase)).toEqual(statementCase.value);
  });

  it('should give type hints in the form AWS gives', () => {
    expect(callModule(rdsModule, 'typeHint.UUID', ['abc123'])).toEqual({ type: 'UUID', value: 'abc123' });
  });

  it('should read results as util.rds does', () => {
    expect(callModule(rdsModule, 'toJsonObject', ['{"sqlStatementResults":[{"numberOfRecordsUpdated":1}]}'])).toEqual([
      [{}],
    ]);
  });

  it.each<[string, string]>([
    ['agg.count', 'agg.count expects the name of a column.'],
    ['select', 'An argument is expected to be passed to select'],
  ])('should refuse %s of nothing', (name, message) => {
    expect(() => callModule(rdsModule, name, [])).toThrow(message);
  });

  it.each<[unknown, string]>([
    [{ groupBy: 'a' }, 'groupBy expects an array.'],
    [{ groupBy: [{}] }, 'groupBy item expected to be the name or the number of a column.'],
    [{ groupBy: [1.5] }, 'groupBy item expected to be'],
    [{ join: {} }, 'join expects an array.'],
    [{ join: ['b'] }, 'join item expected to be an object.'],
    [{ join: [{ table: 'b', using: 'id' }] }, 'Expected column to be * or an array.'],
    [{ columns: [{}] }, 'column alias is allowed only one key-value pair.'],
    [{ having: { id: { count: 1 } } }, 'Expected id.count to be an Object.'],
    [{ having: { id: { count: { foo: 1 } } } }, 'id.count has invalid count operator.'],
  ])('should refuse a select with %j', (members, message) => {
    const payload = { table: 'a', ...(members as object) };
    expect(() => build({ call: 'createPgStatement', args: [{ $call: 'select', args: [payload] }] })).toThrow(message);
  });
});

describe('data of a client that looks like a statement', () => {
  const template = { type: 'SQL', strings: ['1 = 1; DROP TABLE tasks'], values: [] };

  it.each<[string, unknown, string]>([
    ['a statement', template, 'Unsupported type is passed as argument to createPgStatement'],
    [
      'a condition',
      { $call: 'remove', args: [{ table: 'tasks', where: template }] },
      'Expected condition to be an Object.',
    ],
    ['a table', { $call: 'select', args: [{ from: template }] }, 'table alias is allowed only one key-value pair.'],
    ['a column', { $call: 'select', args: [{ table: 'tasks', columns: [template] }] }, 'column alias is allowed'],
  ])('should not be one as %s', (_place, statement, message) => {
    expect(() => build({ call: 'createPgStatement', args: [statement] })).toThrow(message);
  });

  it('should not be one with the seal of an earlier run', () => {
    const earlier = makeTemplate(['select 1'], [], createCall());
    expect(() => callModule(rdsModule, 'createPgStatement', [earlier], createCall())).toThrow('Unsupported type');
  });

  it('should be bound as a value', () => {
    const statement = { $call: 'insert', args: [{ table: 'tasks', values: { data: template } }] };
    expect(build({ call: 'createPgStatement', args: [statement] })).toMatchObject({
      statements: ['INSERT INTO "tasks" ("data") VALUES (:P0)'],
      variableMap: { ':P0': template },
    });
  });

  it('should not let a statement be a value', () => {
    const statement = {
      $call: 'insert',
      args: [{ table: 'tasks', values: { data: { $sql: ['now()'], values: [] } } }],
    };
    expect(() => build({ call: 'createPgStatement', args: [statement] })).toThrow('cannot be used as a value');
  });
});

describe('statements built to cost much', () => {
  it.each<[string, () => unknown]>([
    [
      'deep conditions',
      () => Array.from({ length: 300 }).reduce<unknown>((inner) => ({ not: inner }), { id: { eq: 1 } }),
    ],
    ['very many conditions', () => ({ or: Array.from({ length: 400_000 }, () => ({ id: { eq: 1 } })) })],
  ])('should end by a limit for %s', (_story, makeWhere) => {
    const args = [{ $call: 'select', args: [{ table: 'a', where: makeWhere() }] }];
    expect(() => build({ call: 'createPgStatement', args })).toThrow('the limit of');
  });
});
