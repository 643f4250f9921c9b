import { setTimeout as pause } from 'node:timers/promises';
import type { LimitCase } from '../limit-case.ts';
import { openBlobs } from '../open-blobs.ts';
import { RawConnection } from '../raw-connection.ts';
import { times } from '../tally.ts';
import { sha1OfBlocks, upload } from '../upload-client.ts';

const atOnce = 64;
const size = 256 * 2 ** 20;
const heldMs = 20_000;

/** Downloads whose clients read nothing. */
export const unreadDownloads: LimitCase = {
  title: `${atOnce} downloads of 256 MiB that nobody reads`,
  disk: size * 1.01,
  prepare: async (server) => {
    const status = await upload(server, 'unread', size, sha1OfBlocks(size));
    if (status !== 200) throw new Error(`The upload was answered with ${status}`);
  },
  load: async ({ account, bucketName, pid, data }) => {
    const connections = await times(atOnce, async () => {
      const connection = await RawConnection.open(account.url);
      connection.head(`GET /file/${bucketName}/unread`, { Authorization: account.token });
      return connection;
    });
    await pause(heldMs);
    const held = await openBlobs(pid, data);
    for (const connection of connections) connection.destroy();
    for (let tries = 0; tries < 100 && (await openBlobs(pid, data)) > 0; tries++) await pause(100);
    return `${held} blobs open after ${heldMs / 1000} s, ${await openBlobs(pid, data)} after the clients left`;
  },
};
