import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const report = process.env['COFFER_SCALE_REPORT'];

/**
 * The tests of one engine, in a folder of its name. `setup.ts` there starts the engine before them, ends it after them,
 * and hands its address to them (`provide`).
 */
const engine = (name: string): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, include: [`src/${name}/**/*.scale.ts`], globalSetup: [`./src/${name}/setup.ts`] },
});

/** One file after the other: they share engines, and what they measure. */
export default defineConfig({
  root,
  ssr: { resolve: { conditions: ['@coffer/source', 'node', 'default'] } },
  test: {
    projects: [engine('postgres'), engine('s3')],
    maxWorkers: 1,
    // Generous, since they only end what hangs: a machine that is busy with something else must not fail a test.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
