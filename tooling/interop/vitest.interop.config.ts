import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { ScenarioReporter } from './src/harness/scenario-reporter.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const scenarios = new ScenarioReporter();
/** In leak mode (`tooling/leaks`): what keeps the directories that scenarios remove, for the search. */
const setup = process.env['COFFER_LEAKS_SETUP'];
/** Scenarios of other clients, for which the newest b2 tool makes no difference. */
const others = ['rclone', 'restic', 'duplicity', 'libcloud', 'blazer', 'node-client', 'browser', 'readme'];
const isNewest = process.env['COFFER_INTEROP_TOOLS'] === 'newest';
const report = process.env['COFFER_INTEROP_REPORT'];

/** One client at a time against one server at a time: a failure's log then holds that scenario only. */
export default defineConfig({
  root,
  ssr: { resolve: { conditions: ['@coffer/source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['src/scenarios/**/*.interop.ts', ...(isNewest ? [] : ['../decoder/src/**/*.interop.ts'])],
    exclude: isNewest ? others.map((name) => `src/scenarios/${name}*.interop.ts`) : [],
    setupFiles: setup === undefined ? [] : [setup],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    reporters: report === undefined ? [scenarios] : [scenarios, ['json', { outputFile: report }]],
  },
});
