import { defineConfig } from 'vitest/config';
import { onSource, root, running, timeLimits } from './vitest-settings.ts';

/** Tests that count what the whole process holds, such as lent buffers: each file has a process of its own. */
const counting = 'packages/{bytes,envelope-crypto,http,snapshots,storage-core,store-local}/src/**/*.test.ts';

/**
 * The other packages keep nothing between two calls, so the files of their tests share processes: loading the modules
 * again for each of two hundred files takes longer than most of the tests.
 */
export default defineConfig({
  root,
  test: {
    ...running,
    projects: [
      project('alone', { include: [counting, 'apps/*/src/**/*.test.ts', 'tooling/*/src/**/*.test.ts'] }),
      project('together', { include: ['packages/*/src/**/*.test.ts'], exclude: [counting], isolate: false }),
    ],
  },
});

function project(name: string, test: { include: string[]; exclude?: string[]; isolate?: boolean }) {
  return { root, ssr: onSource, test: { name, ...test, ...timeLimits } };
}
