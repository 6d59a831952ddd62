import { defaultServerConditions } from 'vite';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Nest's decorators need the legacy transform that the build uses, so tests compile with the same SWC settings.
  plugins: [swc.vite()],
  resolve: { conditions: ['starling-source', ...defaultServerConditions] },
  ssr: { resolve: { conditions: ['starling-source', ...defaultServerConditions] } },
  test: {
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'apps/**/*.e2e-spec.ts', 'test/**/*.spec.ts'],
    globalSetup: ['libs/testing/src/vitest-global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
