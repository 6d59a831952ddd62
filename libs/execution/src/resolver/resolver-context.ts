import type { ApiDefinition } from '#libs/api-definition';
import { toValue } from '#libs/resolver-runtime';
import type { FieldInfo, ResolverContext, ValueMap } from '#libs/resolver-runtime';
import type { FieldCall } from './field-call.js';
import { selectionSetGraphQL, selectionSetList } from './selection-set.js';

/** The context that a resolver starts with (AppSync reference, section 7.2): no result, no error, an empty stash. */
export function createResolverContext(definition: ApiDefinition, call: FieldCall): ResolverContext {
  const { identity, headers, domainName } = call.context.input;
  return {
    args: toValue(call.args) as ValueMap,
    source: toValue(call.source),
    identity: toValue(identity.context),
    request: { headers: withoutCookie(headers), domainName: domainName ?? null },
    stash: toValue({}) as ValueMap,
    prev: null,
    info: createInfo(call),
    env: toValue(definition.environmentVariables) as ValueMap,
  };
}

/** Variables are copied and the selection is written out when a handler asks for them, which few do. */
function createInfo({ info }: FieldCall): FieldInfo {
  return {
    fieldName: info.fieldName,
    parentTypeName: info.parentType.name,
    get variables() {
      return toValue(info.variableValues) as ValueMap;
    },
    get selectionSetList() {
      return selectionSetList(info);
    },
    get selectionSetGraphQL() {
      return selectionSetGraphQL(info);
    },
  };
}

/** Cookies are a browser's, for whatever else is served from the domain: AppSync keeps them from resolvers. */
function withoutCookie(headers: FieldCall['context']['input']['headers']): ValueMap {
  const visible = toValue(headers) as ValueMap;
  delete visible['cookie'];
  return visible;
}
