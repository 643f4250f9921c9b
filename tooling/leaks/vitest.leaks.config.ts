import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { onSource, root, running, timeLimits } from '../config/vitest-settings.ts';

/** What handles keys. */
const folders = [
  'packages/{keyring,storage-core,store-local,b2-protocol,event-notifications,snapshots,sigv4,s3-schema,s3-protocol}',
  'apps/server',
];

/** Tests of these folders, each of vitest's processes with the collector in it. */
export default defineConfig({
  root,
  ssr: onSource,
  test: {
    ...running,
    ...timeLimits,
    include: [...folders.map((folder) => `${folder}/src/**/*.test.ts`), 'tooling/leaks/src/**/*.leaks.ts'],
    setupFiles: [fileURLToPath(new URL('src/collect/setup.ts', import.meta.url))],
  },
});
