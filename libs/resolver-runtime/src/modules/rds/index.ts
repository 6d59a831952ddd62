import { readSqlResult } from '../../util/sql-result.js';
import { createMap } from '../../values.js';
import type { ModuleFunction, ModuleMember, TemplateTag } from '../module-member.js';
import { codeError, requirePayload } from '../payload.js';
import { agg } from './aggregates.js';
import { sealed } from './seal.js';
import type { SealedType } from './seal.js';
import { SqlWriter } from './sql-writer.js';
import type { Dialect } from './sql-writer.js';
import { typeHint } from './type-hints.js';
import { writeStatement } from './write-statement.js';

/** A builder: it keeps what it is given until the dialect is known. */
function statement(name: string, type: SealedType): ModuleFunction {
  return (args, { run }) => sealed(type, { properties: requirePayload(args, name) }, run);
}

/** `sql`: SQL text whose values are bound as variables and never become part of it. */
const sql: TemplateTag = {
  tag: (strings, values, { run }) => sealed('SQL', { strings: [...strings], values: [...values] }, run),
};

/** A request for one or two statements, whose variables are numbered through. */
function createStatement(dialect: Dialect): ModuleFunction {
  return (args, call) => {
    const [first, ...others] = args;
    if (first === undefined) {
      throw codeError(`An argument is expected to be passed to ${dialect.builder}`);
    }
    const writer = new SqlWriter(dialect, call);
    const request = createMap();
    request['statements'] = [first, ...others.filter((other) => other !== null)].map((each) =>
      writeStatement(each, writer),
    );
    request['variableMap'] = writer.variables;
    request['variableTypeHintMap'] = writer.typeHints;
    return request;
  };
}

/** `@aws-appsync/utils/rds`: builders of SQL statements (AppSync reference, sections 7.6 and 8.5). */
export const rdsModule: Readonly<Record<string, ModuleMember>> = Object.freeze({
  select: statement('select', 'SELECT'),
  insert: statement('insert', 'INSERT'),
  update: statement('update', 'UPDATE'),
  remove: statement('remove', 'REMOVE'),
  sql,
  createPgStatement: createStatement({ builder: 'createPgStatement', quote: '"', hasReturning: true }),
  createMySQLStatement: createStatement({ builder: 'createMySQLStatement', quote: '`', hasReturning: false }),
  toJsonObject: ([result], { budget }) => readSqlResult(result, budget),
  typeHint,
  agg,
});
