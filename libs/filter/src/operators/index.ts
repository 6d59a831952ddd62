import type { Operator } from '../operator.js';
import { beginsWith } from './begins-with.js';
import { between } from './between.js';
import { containsAny } from './contains-any.js';
import { contains } from './contains.js';
import { eq } from './eq.js';
import { ge } from './ge.js';
import { gt } from './gt.js';
import { inOperator } from './in.js';
import { le } from './le.js';
import { lt } from './lt.js';
import { ne } from './ne.js';
import { notContains } from './not-contains.js';
import { notIn } from './not-in.js';

/** The thirteen operators of AppSync's filter language, as they are spelled in a document. */
export type OperatorName =
  | 'eq'
  | 'ne'
  | 'le'
  | 'lt'
  | 'ge'
  | 'gt'
  | 'contains'
  | 'notContains'
  | 'beginsWith'
  | 'in'
  | 'notIn'
  | 'between'
  | 'containsAny';

/** The operators by name. The type lacks none: a name without its operator does not compile. */
export const operators: { readonly [Name in OperatorName]: Operator } = Object.freeze({
  eq,
  ne,
  le,
  lt,
  ge,
  gt,
  contains,
  notContains,
  beginsWith,
  in: inOperator,
  notIn,
  between,
  containsAny,
});

/** True for the name of an operator, in its exact spelling. */
export function isOperatorName(name: unknown): name is OperatorName {
  return typeof name === 'string' && Object.hasOwn(operators, name);
}
