import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

/** The top of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Tests run on source: the `@coffer/source` condition resolves every workspace package to its `src`. Without the
 * conditions `import` and `module`: Node adds its own, and with these `require` inside of packages would get files that
 * it cannot load.
 */
export const onSource = { resolve: { conditions: ['@coffer/source', 'node', 'default'] } };

/** Generous, since they only end what hangs: a machine that is busy with something else must not fail a test. */
export const timeLimits = {
  testTimeout: 180_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 60_000, interval: 20 } },
};

const report = process.env['COFFER_TEST_REPORT'];

/** How a whole run goes about it. */
export const running: NonNullable<ViteUserConfig['test']> = {
  // All cores: by default one is left out, which of two is half of the machine.
  maxWorkers: '100%',
  reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
};
