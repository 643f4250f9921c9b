import { performance } from 'node:perf_hooks';
import type { LimitCase, LoadedServer } from '../limit-case.ts';
import { tally, times } from '../tally.ts';
import { beginUpload, sendBlocks } from '../upload-client.ts';
import { wayTitle, withUploadRequest, type Way } from '../way.ts';

const atOnce = 200;
const declared = 2 ** 30;
/** More than a buffer of the server, and not a multiple of one. */
const sent = 300 * 1024;

/** Uploads of 1 GiB whose senders stop after 300 KiB, until the server closes their connections. */
export function stalledUploads(way: Way): LimitCase {
  return {
    title: `${atOnce} uploads that stall, ${wayTitle(way)}`,
    disk: atOnce * sent * 2,
    load: (server) => stall(server, [way]),
  };
}

/** Lets uploads stall in these ways, which take turns. */
export async function stall(server: LoadedServer, ways: readonly Way[]): Promise<string> {
  const began = performance.now();
  const perWay = ways.map((way, i) =>
    times(atOnce / ways.length, (j) =>
      withUploadRequest(server, way, { name: `stalled-${i}-${j}`, sha1: 'do_not_verify' }, async (request) => {
        const connection = await beginUpload(server.account.url, request, declared);
        await sendBlocks(connection, sent);
        const status = await connection.status();
        await connection.closed;
        return status;
      }),
    ),
  );
  const statuses = (await Promise.all(perWay)).flat();
  return `${tally(statuses)}, all closed after ${((performance.now() - began) / 1000).toFixed(0)} s`;
}
