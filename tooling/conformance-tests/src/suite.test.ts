import { defineConformanceSuite } from '@coffer/conformance/vitest';
import { afterAll } from 'vitest';
import { startOwnServer, type OwnServer } from './own-server.ts';

let server: OwnServer | undefined;
afterAll(() => server?.close());

// All cases run in own-server.test.ts; here it is the way they are registered that is tried.
defineConformanceSuite({
  profile: 's3',
  filter: ['s3/presigned'],
  open: async () => {
    server = await startOwnServer('s3');
    return server;
  },
});
