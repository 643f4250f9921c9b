import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { ScenarioReporter } from './src/harness/scenario-reporter.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const scenarios = new ScenarioReporter();
/** In leak mode (`tooling/leaks`): what keeps the directories that scenarios remove, for the search. */
const setup = process.env['COFFER_LEAKS_SETUP'];
const tools = process.env['COFFER_INTEROP_TOOLS'] ?? 'classic';
const report = process.env['COFFER_INTEROP_REPORT'];

/** Scenarios of other clients, besides those of S3, for which the newest b2 tool makes no difference. */
const others = [
  'rclone',
  'restic',
  'duplicity',
  'libcloud',
  'blazer',
  'node-client',
  'browser',
  'example-page',
  'readme',
];

/** Files that tell most about the newest tools, in little time. A classic run ends with them. */
const telling = ['command-list', 'default-encryption', 'transfers', 'wrong-key'];

/** How many files run at once. Each scenario has servers and directories of its own, so this is a matter of cores. */
const atOnce = Number(process.env['COFFER_INTEROP_AT_ONCE'] ?? 1);

/** Files about terminals, and about waits and repeats, which others beside them would disturb. */
const alone = ['readme', 'retries'].map((name) => `src/scenarios/${name}.interop.ts`);

const classic: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'classic',
    include: ['src/scenarios/**/*.interop.ts', '../decoder/src/**/*.interop.ts'],
    exclude: alone,
    sequence: { groupOrder: 1 },
  },
};

const classicAlone: TestProjectInlineConfiguration = {
  extends: true,
  test: { name: 'classic-alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 2 } },
};

const newest: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'newest',
    include: ['src/scenarios/**/*.interop.ts'],
    exclude: ['src/scenarios/s3/**', ...others.map((name) => `src/scenarios/${name}*.interop.ts`)],
  },
};

const newestShort: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'newest-short',
    include: telling.map((name) => `src/scenarios/${name}.interop.ts`),
    env: { COFFER_INTEROP_TOOLS: 'newest-short' },
    sequence: { groupOrder: 3 },
  },
};

const projects: Readonly<Record<string, TestProjectInlineConfiguration[]>> = {
  classic: [classic, classicAlone, newestShort],
  newest: [newest],
  'newest-short': [newestShort],
};

/** What a failed scenario left behind, its server's log included, is in a directory of its own. */
export default defineConfig({
  root,
  ssr: { resolve: { conditions: ['@coffer/source', 'node', 'import', 'default'] } },
  test: {
    projects: projects[tools] ?? [],
    setupFiles: setup === undefined ? [] : [setup],
    maxWorkers: atOnce,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    reporters: report === undefined ? [scenarios] : [scenarios, ['json', { outputFile: report }]],
  },
});
