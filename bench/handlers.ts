import { readFile } from 'node:fs/promises';
import { compileJsHandlers, compileVtlHandlers, createEffects, toValue } from '#libs/resolver-runtime';
import type { ResolverContext, Run, ValueMap } from '#libs/resolver-runtime';

/** Time of one handler run with about 1 KB of context, beside a native function that builds the same document. Medians of rounds. */
const rounds = 15;
const runsPerRound = 20_000;

const task = {
  owner: 'janed',
  title: 'High Priority Task',
  taskStatus: 'WIP',
  description: 'A task that says what is to be done, '.repeat(20),
  priority: 'high',
  department: 'engineering',
  classification: 8,
};
const ctx: ResolverContext = {
  args: toValue(task) as ValueMap,
  source: null,
  identity: toValue({ username: 'janed', claims: { email: 'janed@myemail.com' }, groups: ['ManagerGroup'] }),
  request: { headers: toValue({ 'user-agent': 'bench' }) as ValueMap, domainName: null },
  stash: toValue({}) as ValueMap,
  prev: null,
  info: { fieldName: 'createTask', parentTypeName: 'Mutation', variables: toValue({}) as ValueMap },
  env: toValue({}) as ValueMap,
};
const run: Run = {
  effects: createEffects(),
  authType: 'User Pool Authorization',
  phase: 'request',
  operation: 'mutation',
};

const template = await readFile('examples/tasks/resolvers/Mutation.createTask.request.vtl', 'utf8');
const code = `import { util } from '@aws-appsync/utils';
export function request(ctx) {
  const { title, priority, ...rest } = ctx.args;
  if (!title) { util.error('A task needs a title', 'BadTask'); }
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id: util.autoId() }),
    attributeValues: util.dynamodb.toMapValues({ ...rest, title, priority: priority ?? 'low', owner: ctx.identity.username }),
  };
}
export function response(ctx) {
  return ctx.result;
}`;
const vtl = compileVtlHandlers({
  request: { name: 'request.vtl', text: template },
  response: { name: 'response.vtl', text: 'null' },
});
const js = compileJsHandlers({ name: 'createTask.js', text: code });

const times = {
  'native function': time(() => native(task)),
  'VTL, PutItem of the seed': time(() => vtl.request(ctx, run)),
  'APPSYNC_JS, PutItem': time(() => js.request(ctx, run)),
};
const base = times['native function'];
console.table(
  Object.entries(times).map(([handler, us]) => ({
    handler,
    'µs per run': us.toFixed(2),
    'ratio to native': (us / base).toFixed(1),
    'target µs': handler === 'native function' ? '' : 15,
  })),
);
const compile = {
  VTL: time(
    () => compileVtlHandlers({ request: { name: 'r', text: template }, response: { name: 's', text: 'null' } }),
    500,
  ),
  APPSYNC_JS: time(() => compileJsHandlers({ name: 'c.js', text: code }), 500),
};
console.table(
  Object.entries(compile).map(([language, us]) => ({
    'compile a pair': language,
    ms: (us / 1000).toFixed(3),
    'target ms': 1,
  })),
);

/** The same document, made as a server without a template language would. */
function native(args: typeof task): string {
  const typed = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );
  return JSON.stringify({
    version: '2017-02-28',
    operation: 'PutItem',
    key: { id: { S: crypto.randomUUID() } },
    attributeValues: typed,
  });
}

function time(work: () => unknown, count = runsPerRound): number {
  const medians: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    for (let index = 0; index < count; index += 1) work();
    medians.push(((performance.now() - began) * 1000) / count);
  }
  return medians.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}
