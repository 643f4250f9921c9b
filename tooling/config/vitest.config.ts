import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));
const report = process.env['COFFER_TEST_REPORT'];

/** Tests run on source: the `@coffer/source` condition resolves every workspace package to its `src`. */
export default defineConfig({
  root,
  ssr: { resolve: { conditions: ['@coffer/source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'tooling/*/src/**/*.test.ts'],
    testTimeout: 30_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
