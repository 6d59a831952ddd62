import { compileVtlHandlers, createEffects, toValue } from '#libs/resolver-runtime';
import type { HandlerResult, ResolverContext, Run, Value, ValueMap } from '#libs/resolver-runtime';

/** A context of the task story: jdoe asks for a task of the engineering board. */
export function createContext(overrides: Partial<ResolverContext> = {}): ResolverContext {
  return {
    args: toValue({ id: '7', title: 'Fix the roof', classification: 8, tags: ['urgent', 'roof'] }) as ValueMap,
    source: null,
    identity: toValue({ username: 'jdoe', claims: { email: 'jdoe@myemail.com' }, groups: ['EmployeeGroup'] }),
    request: { headers: toValue({ 'x-forwarded-for': '10.0.0.1' }) as ValueMap, domainName: null },
    stash: toValue({}) as ValueMap,
    prev: null,
    info: { fieldName: 'createTask', parentTypeName: 'Mutation', variables: toValue({}) as ValueMap },
    env: toValue({ TABLE: 'tasks' }) as ValueMap,
    ...overrides,
  };
}

export function createRun(overrides: Partial<Run> = {}): Run {
  return {
    effects: createEffects(),
    authType: 'User Pool Authorization',
    phase: 'response',
    operation: 'mutation',
    clock: () => Date.UTC(2018, 1, 6, 19, 1, 35, 749),
    random: () => 0.5,
    ...overrides,
  };
}

/** Runs one template and gives what its handler gives. */
export function runTemplate(text: string, ctx = createContext(), run = createRun()): HandlerResult {
  const source = { name: 'Mutation.createTask.response.vtl', text };
  return compileVtlHandlers({ request: source, response: source })[run.phase](ctx, run);
}

/** The value a template renders. */
export function evaluate(text: string, ctx?: ResolverContext, run?: Run): Value {
  return runTemplate(text, ctx, run).value;
}

/** The text a template renders, read back out of a value: `#return` of an interpolated string keeps every character. */
export function render(text: string, ctx?: ResolverContext, run?: Run): Value {
  return runTemplate(`#set($rendered = "${text.replaceAll('"', '""')}")#return($rendered)`, ctx, run).value;
}
