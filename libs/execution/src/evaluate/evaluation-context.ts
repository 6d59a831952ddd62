import { isJsonObject, RequestError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { createEffects, toValue } from '#libs/resolver-runtime';
import type { ResolverContext, Run, ValueMap } from '#libs/resolver-runtime';

/** Most characters of an evaluation's context. AppSync: 28,000. */
const maxContextLength = 28_000;

/**
 * Reads the context of an evaluation: JSON text with any of AppSync's keys (`arguments`, `source`, `result`, `identity`,
 * `request`, `info`, `stash`, `error`, `prev`, `env`). Throws a RequestError when it can't be read.
 */
export function readEvaluationContext(text: string): ResolverContext {
  const given = parseContext(text);
  const info = objectOf(given.info);
  const request = objectOf(given.request);
  const context: ResolverContext = {
    args: toMap(given.arguments ?? given.args),
    source: toValue(given.source),
    identity: toValue(given.identity),
    request: { headers: toMap(request.headers), domainName: textOf(request.domainName) ?? null },
    stash: toMap(given.stash),
    prev: isJsonObject(given.prev) ? { result: toValue(given.prev.result) } : null,
    info: {
      fieldName: textOf(info.fieldName) ?? '',
      parentTypeName: textOf(info.parentTypeName) ?? '',
      variables: toMap(info.variables),
      selectionSetList: Array.isArray(info.selectionSetList) ? info.selectionSetList.map(String) : [],
      selectionSetGraphQL: textOf(info.selectionSetGraphQL) ?? '',
    },
    env: toMap(given.env),
  };
  if (given.result !== undefined) context.result = toValue(given.result);
  if (isJsonObject(given.error)) {
    context.error = { message: textOf(given.error.message) ?? '', type: textOf(given.error.type) ?? null };
  }
  return context;
}

function parseContext(text: string): JsonObject {
  if (text.length > maxContextLength)
    throw new RequestError('BAD_REQUEST', `context has at most ${maxContextLength} characters.`);
  let context: unknown;
  try {
    context = JSON.parse(text);
  } catch (cause) {
    throw new RequestError('BAD_REQUEST', `context is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (!isJsonObject(context)) throw new RequestError('BAD_REQUEST', 'context is not a JSON object.');
  return context;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function toMap(value: JsonValue | undefined): ValueMap {
  return toValue(objectOf(value)) as ValueMap;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A run of an evaluation: it may do what the type of its field may, and what it logs is kept in `logs`. */
export function evaluationRun(ctx: ResolverContext, phase: Run['phase'], logs: string[]): Run {
  return {
    effects: createEffects(),
    phase,
    authType: authTypeOf(ctx.identity),
    operation: operationOf(ctx.info.parentTypeName),
    log: (_level, message) => void logs.push(message),
  };
}

function operationOf(parentTypeName: string): Run['operation'] {
  if (parentTypeName === 'Mutation') return 'mutation';
  return parentTypeName === 'Subscription' ? 'subscription' : 'query';
}

/** What `util.authType()` says of an identity: each mode's has members of its own (AppSync reference, section 6). */
function authTypeOf(identity: ResolverContext['identity']): string {
  if (!isJsonObject(identity)) return 'API Key Authorization';
  if ('resolverContext' in identity) return 'Lambda Authorization';
  if ('userArn' in identity) return 'IAM Authorization';
  return 'groups' in identity || 'defaultAuthStrategy' in identity || 'username' in identity
    ? 'User Pool Authorization'
    : 'Open ID Connect Authorization';
}
