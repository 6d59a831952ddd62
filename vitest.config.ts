import swc from 'unplugin-swc';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Without "module": some packages' bundler builds are ES modules that Node itself can't load.
const conditions = ['starling-source', ...defaultServerConditions.filter((condition) => condition !== 'module')];

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
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'apps/**/*.e2e-spec.ts', 'test/**/*.spec.ts'],
    globalSetup: ['libs/testing/src/vitest-global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
