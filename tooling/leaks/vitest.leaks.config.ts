import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import shared from '../config/vitest.config.ts';

/** What handles keys. */
const folders = [
  'packages/{keyring,storage-core,store-local,b2-protocol,event-notifications,snapshots,sigv4,s3-schema,s3-protocol}',
  'apps/server',
];

/** Tests of these folders, each of vitest's processes with the collector in it. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: [...folders.map((folder) => `${folder}/src/**/*.test.ts`), 'tooling/leaks/src/**/*.leaks.ts'],
    setupFiles: [fileURLToPath(new URL('src/collect/setup.ts', import.meta.url))],
  },
});
