import { writeJson } from '../json/write-json.js';
import { readSqlResult } from './sql-result.js';
import type { UtilNamespace } from './util-function.js';

/** `util.rds.*`: the rows of SQL statements out of the data source's result. */
export const rdsFunctions: UtilNamespace = Object.freeze({
  toJsonObject: ({ budget }, result) => readSqlResult(result, budget),
  toJsonString: ({ budget }, result) => writeJson(readSqlResult(result, budget), budget),
});
