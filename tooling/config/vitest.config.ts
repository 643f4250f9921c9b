import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));
const report = process.env['COFFER_TEST_REPORT'];

/** Tests run on source: the `@coffer/source` condition resolves every workspace package to its `src`. */
export default defineConfig({
  root,
  ssr: { resolve: { conditions: ['@coffer/source', 'node', 'import', 'default'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'tooling/*/src/**/*.test.ts'],
    // All cores: by default one is left out, which of two is half of the machine.
    maxWorkers: '100%',
    // Generous, since they only end what hangs: a machine that is busy with something else must not fail a test.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
