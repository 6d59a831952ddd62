import { checkFunctions } from './checks.js';
import { dynamodbFunctions } from './dynamodb.js';
import { encodingFunctions } from './encoding.js';
import { errorFunctions } from './errors.js';
import { httpFunctions } from './http.js';
import { idFunctions } from './ids.js';
import { jsonFunctions } from './json.js';
import { selectLanguage } from './languages.js';
import { listFunctions } from './lists.js';
import { logFunctions } from './log.js';
import { mapFunctions } from './maps.js';
import { mathFunctions } from './math.js';
import { matchesWhole } from './patterns.js';
import { rdsFunctions } from './rds.js';
import { textFunctions } from './text.js';
import { timeFunctions } from './time/index.js';
import { transformFunctions } from './transform/index.js';
import { requireText } from './util-function.js';
import type { UtilNamespace } from './util-function.js';
import { xmlFunctions } from './xml.js';

/** `util.authType`, `util.matches`: what belongs to no family. */
const otherFunctions: UtilNamespace = Object.freeze({
  authType: ({ run }) => run.authType,
  matches: ({ budget }, pattern, text) =>
    typeof text === 'string' && matchesWhole(requireText('matches', pattern), text, budget),
});

/** All of AppSync's util that exists here, by namespace; '' is `util` itself. Each language adapts names only. */
export const util: Readonly<Record<string, UtilNamespace>> = Object.freeze({
  '': Object.freeze({
    ...checkFunctions,
    ...encodingFunctions,
    ...errorFunctions,
    ...idFunctions,
    ...jsonFunctions,
    ...otherFunctions,
  }),
  dynamodb: dynamodbFunctions,
  http: httpFunctions,
  list: listFunctions,
  log: logFunctions,
  map: mapFunctions,
  math: mathFunctions,
  rds: rdsFunctions,
  str: textFunctions,
  time: timeFunctions,
  transform: transformFunctions,
  xml: xmlFunctions,
});

/** The functions that APPSYNC_JS handlers have: those of {@link util} that the language does not have itself. */
export const jsUtil: Readonly<Record<string, UtilNamespace>> = selectLanguage(util, 'JS');

/** What AppSync has and this version does not: a name, or `namespace.name`, or `namespace.*`. Nothing now. */
export const unavailableUtil: ReadonlySet<string> = new Set();

export { languagesOf } from './languages.js';
export type { UtilLanguage } from './languages.js';
