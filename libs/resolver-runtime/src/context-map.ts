import type { FieldInfo, ResolverContext } from './resolver-context.js';
import { createMap } from './values.js';
import type { Value, ValueMap } from './values.js';

/** `$ctx`: the context as a map, `args` also as `arguments`. Maps of the context are shared, so what a template puts in the stash stays. */
export function createContextMap(ctx: ResolverContext): ValueMap {
  const map = createMap();
  map['args'] = ctx.args;
  map['arguments'] = ctx.args;
  map['source'] = ctx.source;
  map['identity'] = ctx.identity;
  map['request'] = copyPlain(ctx.request);
  map['stash'] = ctx.stash;
  map['prev'] = ctx.prev === null ? null : copyPlain(ctx.prev);
  map['result'] = ctx.result ?? null;
  map['error'] = ctx.error === null || ctx.error === undefined ? null : copyPlain(ctx.error);
  map['info'] = createInfoMap(ctx.info);
  map['env'] = ctx.env;
  return map;
}

function copyPlain(source: Readonly<Record<string, Value>>): ValueMap {
  return Object.assign(createMap(), source);
}

/** The selection can be read but is not listed: AppSync leaves it out of `$util.toJson($ctx.info)`. */
function createInfoMap({ fieldName, parentTypeName, variables, ...selection }: FieldInfo): ValueMap {
  const info = copyPlain({ fieldName, parentTypeName, variables });
  Object.defineProperty(info, 'selectionSetList', { value: selection.selectionSetList ?? null });
  Object.defineProperty(info, 'selectionSetGraphQL', { value: selection.selectionSetGraphQL ?? null });
  return info;
}
