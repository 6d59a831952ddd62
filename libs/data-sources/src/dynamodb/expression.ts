import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import type { DocumentReader } from '../document/document-reader.js';
import { mappingTemplateError, wrongElement } from '../document/mapping-template-error.js';
import { equalValues } from './equal-values.js';
import { readTypedValues } from './typed-value.js';

/** A DynamoDB expression with the placeholders it brings. */
export interface Expression {
  /** Where it stands in the document, for error texts. */
  readonly path: string;
  readonly expression: string;
  /** `#name` → attribute name. */
  readonly names: Readonly<Record<string, string>>;
  /** `:value` → typed value. */
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/** The placeholder members of a DynamoDB request; absent when there are none, because DynamoDB refuses empty ones. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** Reads `query`, `filter` or `update`: `expression`, and `expressionNames` and `expressionValues` where given. */
export function readExpression(reader: DocumentReader): Expression {
  reader.allowOnly(['expression', 'expressionNames', 'expressionValues']);
  return readExpressionMembers(reader);
}

/** Reads `projection`: as an expression, without values. */
export function readProjection(reader: DocumentReader): Expression {
  reader.allowOnly(['expression', 'expressionNames']);
  return readExpressionMembers(reader);
}

/** The three members themselves, for elements that have others besides. */
export function readExpressionMembers(reader: DocumentReader): Expression {
  const values = reader.optionalChild('expressionValues');
  return {
    path: reader.path,
    expression: reader.string('expression'),
    names: readNames(reader.optionalChild('expressionNames')),
    values: values === undefined ? {} : readTypedValues(values),
  };
}

/**
 * The placeholders of all expressions of a request. A DynamoDB request has one set for all of them, a request document one
 * per expression: the same placeholder may be in two as long as it stands for the same thing.
 */
export function combinePlaceholders(...expressions: readonly (Expression | undefined)[]): Placeholders {
  const present = expressions.filter((expression) => expression !== undefined);
  const names = merge(present, 'names', (a, b) => a === b);
  const values = merge(present, 'values', equalValues);
  return {
    ...(names && { ExpressionAttributeNames: names }),
    ...(values && { ExpressionAttributeValues: values }),
  };
}

function merge<Member extends 'names' | 'values', Value extends Expression[Member][string]>(
  expressions: readonly Expression[],
  member: Member,
  isSame: (a: Value, b: Value) => boolean,
): Record<string, Value> | undefined {
  const merged = new Map<string, Value>();
  for (const { path, [member]: placeholders } of expressions) {
    for (const [placeholder, value] of Object.entries(placeholders) as [string, Value][]) {
      const other = merged.get(placeholder);
      if (other !== undefined && !isSame(other, value)) {
        throw mappingTemplateError(
          `Placeholder '${placeholder}' of '${path}' stands for something else in another expression of this document: ` +
            'rename one of the two.',
        );
      }
      merged.set(placeholder, value);
    }
  }
  return merged.size === 0 ? undefined : Object.fromEntries(merged);
}

function readNames(reader: DocumentReader | undefined): Readonly<Record<string, string>> {
  if (reader === undefined) return {};
  for (const [placeholder, name] of Object.entries(reader.object)) {
    if (typeof name !== 'string') throw wrongElement(reader.pathOf(placeholder), 'an attribute name', name);
  }
  return reader.object as Readonly<Record<string, string>>;
}
