/**
 * The directions of docs/adr/0001: apps → execution → api-definition, data-sources, event-log, identity → pure libraries.
 * Run by test/architecture.spec.ts.
 */
const adapters = ['api-definition', 'data-sources', 'event-log', 'identity'];
const pure = ['protocol', 'filter', 'resolver-runtime'];
const lib = (...names) => `^libs/(${names.join('|')})/`;

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'libraries-know-no-app',
      severity: 'error',
      from: { path: '^libs/', pathNot: lib('testing') },
      to: { path: '^apps/' },
    },
    {
      name: 'only-standalone-composes-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/', pathNot: '^apps/standalone/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'pure-libraries-stay-pure',
      comment: 'No Nest, Redis, AWS, sockets or other libraries of ours except pure ones.',
      severity: 'error',
      from: { path: lib(...pure), pathNot: '\\.spec\\.ts$|/test/' },
      to: {
        path: [
          '^libs/',
          'node_modules/(@nestjs|ioredis|ws|graphql-ws|@aws-sdk|pino|fastify|@apollo)/',
          '^(node:)?(net|http|https|fs|tls|child_process|worker_threads)',
        ],
        pathNot: lib(...pure),
      },
    },
    {
      name: 'adapters-use-pure-libraries-only',
      severity: 'error',
      from: { path: `^libs/(${adapters.join('|')})/`, pathNot: '\\.spec\\.ts$|/test/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', lib(...pure)] },
    },
    {
      name: 'execution-joins-adapters',
      severity: 'error',
      from: { path: lib('execution'), pathNot: '\\.spec\\.ts$|/test/' },
      to: { path: ['^libs/(config|observability|testing)/', 'node_modules/(@nestjs|ioredis|ws|fastify)/'] },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: ['\\.(spec|e2e-spec|contract|bench)\\.ts$', '/test/', lib('testing')] },
      to: { path: lib('testing') },
    },
    {
      name: 'no-deep-imports',
      comment: 'A library is its index.',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)', pathNot: '^$1/$2/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['starling-source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
