import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const report = process.env['COFFER_CONSOLE_REPORT'];

/** Every file has a server and a browser of its own. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  ssr: { resolve: { conditions: ['@coffer/source', 'node', 'import', 'default'] } },
  test: {
    include: ['src/**/*.e2e.ts'],
    maxWorkers: Number(process.env['COFFER_CONSOLE_AT_ONCE'] ?? 2),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000, interval: 50 } },
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
