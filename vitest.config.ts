import { createRequire } from 'node:module';
import swc from 'unplugin-swc';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Without "module": some packages' bundler builds are ES modules that Node itself can't load.
const conditions = ['starling-source', ...defaultServerConditions.filter((condition) => condition !== 'module')];

// Vite would load graphql's bundler build beside the one that Node loads for other packages, and the two refuse each other's schemas.
const graphql = createRequire(import.meta.url).resolve('graphql');

export default defineConfig({
  // Nest's decorators need the legacy transform. The build's .swcrc is not read: it leaves tests out.
  plugins: [
    swc.vite({
      swcrc: false,
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true },
        target: 'es2024',
        keepClassNames: true,
      },
      module: { type: 'es6' },
    }),
  ],
  resolve: { conditions, alias: [{ find: /^graphql$/, replacement: graphql }] },
  ssr: { resolve: { conditions } },
  test: {
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'apps/**/*.e2e-spec.ts', 'test/**/*.spec.ts'],
    globalSetup: ['libs/testing/src/vitest-global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
