import { compileWildcard } from './wildcard.js';

/** Which fields an access key or a principal may access: AppSync's action `appsync:GraphQL` on the fields of one API. */
export interface IamPolicy {
  /** True when no schema has a field that it allows: its bearer is refused as a whole. */
  readonly allowsNothing: boolean;
  /** Whether a field may be accessed: some `allow` names it and no `deny` does. */
  readonly allowsField: (typeName: string, fieldName: string) => boolean;
}

/**
 * One entry of `allow` or `deny`. Matches the part of a field's ARN behind `apis/<id>/`, and the field as `Type.field`.
 */
export interface FieldPattern {
  /** As it was written. */
  readonly text: string;
  /** True when it matches every field there can be. */
  readonly isAll: boolean;
  readonly matches: (typeName: string, fieldName: string) => boolean;
}

/** `arn:<partition>:appsync:<region>:<account>:` before the resource, which may have colons of its own. */
const appsyncArn = /^arn:[^:]+:appsync:[^:]*:[^:]*:(.+)$/s;

/**
 * Reads an entry of `allow` or `deny`:
 *
 * - `*`: every field;
 * - `Mutation.*`, `Query.getBoard`, `Board.internal*`: a type and a field, with wildcards in both;
 * - an ARN as it stands in a policy of AWS: `arn:aws:appsync:R:A:apis/ID/types/T/fields/F`, `…/types/T/*`, `…/*`. Partition,
 *   region, account and API id are not compared: an access file is for one API.
 *
 * Null when it is none of these.
 */
export function readFieldPattern(text: string): FieldPattern | null {
  if (text === '*') return pattern(text, true, () => true);
  if (text.startsWith('arn:')) return readArn(text);
  const [type, field, ...rest] = text.split('.');
  if (!isName(type) || !isName(field) || rest.length > 0) return null;
  const matchesType = compileWildcard(type);
  const matchesField = compileWildcard(field);
  const isAll = isOnlyStars(type) && isOnlyStars(field);
  return pattern(text, isAll, (typeName, fieldName) => matchesType(typeName) && matchesField(fieldName));
}

function readArn(text: string): FieldPattern | null {
  const resource = appsyncArn.exec(text)?.[1];
  const path = resource === undefined ? null : belowApi(resource);
  if (path === null) return null;
  const matchesPath = compileWildcard(path);
  const isAll = isOnlyStars(path);
  return pattern(text, isAll, (typeName, fieldName) => matchesPath(`types/${typeName}/fields/${fieldName}`));
}

/** What is behind `apis/<id>/`. A star at the end spans slashes, as everywhere in IAM: `apis/*` is every field of every API. */
function belowApi(resource: string): string | null {
  if (isOnlyStars(resource)) return '*';
  const [, id, path] = /^apis\/([^/]+)(?:\/(.+))?$/s.exec(resource) ?? [];
  if (id === undefined) return null;
  return path ?? (id.endsWith('*') ? '*' : null);
}

function pattern(text: string, isAll: boolean, matches: FieldPattern['matches']): FieldPattern {
  return Object.freeze({ text, isAll, matches });
}

function isName(part: string | undefined): part is string {
  return part !== undefined && /^[\w*?]+$/.test(part);
}

function isOnlyStars(text: string): boolean {
  return /^\*+$/.test(text);
}

/**
 * A policy that decides as IAM does: what nobody allows is denied, and a `deny` wins. It keeps its verdicts: fields are asked
 * for with every object of an answer, and a schema has only so many.
 */
export function compileIamPolicy(allow: readonly FieldPattern[], deny: readonly FieldPattern[]): IamPolicy {
  const verdicts = new Map<string, Map<string, boolean>>();
  const decide = (typeName: string, fieldName: string) => {
    const names = ({ matches }: FieldPattern) => matches(typeName, fieldName);
    return allow.some(names) && !deny.some(names);
  };
  return Object.freeze({
    allowsNothing: allow.length === 0 || deny.some(({ isAll }) => isAll),
    allowsField(typeName: string, fieldName: string) {
      let ofType = verdicts.get(typeName);
      if (ofType === undefined) verdicts.set(typeName, (ofType = new Map<string, boolean>()));
      let verdict = ofType.get(fieldName);
      if (verdict === undefined) ofType.set(fieldName, (verdict = decide(typeName, fieldName)));
      return verdict;
    },
  });
}
