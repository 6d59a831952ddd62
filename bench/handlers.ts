import { readFile } from 'node:fs/promises';
import { compileJsHandlers, compileVtlHandlers, createEffects, toValue } from '#libs/resolver-runtime';
import type { ResolverContext, Run, ValueMap } from '#libs/resolver-runtime';
import { row } from './measure/row.js';
import type { Row } from './measure/row.js';
import { median } from './measure/statistics.js';

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

const maxRunUs = 15;
const maxCompileMs = 1;
const compilesPerRound = 500;

export async function measure(): Promise<readonly Row[]> {
  const unit = 'µs per run';
  const peerFigure = time(() => native(task));
  const target = { atMost: maxRunUs };
  const vtlUs = time(() => vtl.request(ctx, run));
  const jsUs = time(() => js.request(ctx, run));
  const compileVtlUs = time(
    () => compileVtlHandlers({ request: { name: 'r', text: template }, response: { name: 's', text: 'null' } }),
    compilesPerRound,
  );
  const compileJsUs = time(() => compileJsHandlers({ name: 'c.js', text: code }), compilesPerRound);
  return [
    row({ name: 'handler: native function', figure: peerFigure, unit }),
    row({ name: 'handler: VTL, PutItem of the seed', figure: vtlUs, unit, peerFigure, target }),
    row({ name: 'handler: APPSYNC_JS, PutItem', figure: jsUs, unit, peerFigure, target }),
    ...Object.entries({ VTL: compileVtlUs, APPSYNC_JS: compileJsUs }).map(([language, us]) =>
      row({
        name: `compile a pair: ${language}`,
        figure: us / 1_000,
        unit: 'ms',
        target: { atMost: maxCompileMs },
      }),
    ),
  ];
}

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
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    for (let index = 0; index < count; index += 1) work();
    times.push(((performance.now() - began) * 1_000) / count);
  }
  return median(times);
}
