import type { UtilCall } from '../util/util-function.js';
import type { Value } from '../values.js';

/**
 * A function of a helper module (`@aws-appsync/utils/dynamodb` and its like). Its arguments are copies of
 * what the handler passed: plain trees, made under the budget, in which nothing is undefined. Fewer arguments than it
 * takes are a shorter list. It throws FieldErrors of type `Code`.
 */
export type ModuleFunction = (args: readonly Value[], call: UtilCall) => Value;

/** A function that is called as the tag of a template literal: the pieces of text, one more than values between them. */
export interface TemplateTag {
  readonly tag: (strings: readonly string[], values: readonly Value[], call: UtilCall) => Value;
}

/** Members under one name, like `operations`. */
export interface ModuleNamespace {
  readonly [name: string]: ModuleMember;
}

/** What a module exports under one name. A tag is told from a namespace by its member `tag` being a function. */
export type ModuleMember = ModuleFunction | TemplateTag | ModuleNamespace;

export function isTemplateTag(member: ModuleMember): member is TemplateTag {
  return typeof member === 'object' && Object.keys(member).length === 1 && Object.hasOwn(member, 'tag');
}
