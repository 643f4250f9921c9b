import { createHash } from 'node:crypto';
import type { LoadRequest } from '../server/load.ts';
import type { LoadedServer } from './limit-case.ts';
import { RawConnection } from './raw-connection.ts';
import { usualWay, withUploadRequest } from './way.ts';

/** Every upload repeats this block, so that making the data costs the sender nothing. */
const block = new Uint8Array(256 * 1024);
for (let i = 0; i < block.length; i++) block[i] = (i * 2_654_435_761) >>> 16;

/** SHA-1 of `size` bytes of blocks. */
export function sha1OfBlocks(size: number): string {
  const hash = createHash('sha1');
  for (let left = size; left > 0; left -= block.length) hash.update(block.subarray(0, left));
  return hash.digest('hex');
}

/** A connection with the head of an upload of so many bytes sent. */
export async function beginUpload(
  url: string,
  { method, target, headers }: LoadRequest,
  size: number,
): Promise<RawConnection> {
  const connection = await RawConnection.open(url);
  connection.head(`${method} ${target}`, { ...headers, 'Content-Length': String(size) });
  return connection;
}

/** Sends that many bytes as fast as the server takes them. */
export async function sendBlocks(connection: RawConnection, size: number): Promise<void> {
  for (let left = size; left > 0; left -= block.length) await connection.write(block.subarray(0, left));
}

/** Makes one whole upload under SSE-B2; resolves to its status. */
export function upload(server: LoadedServer, name: string, size: number, sha1: string): Promise<number> {
  return withUploadRequest(server, usualWay, { name, sha1 }, async (request) => {
    const connection = await beginUpload(server.account.url, request, size);
    await sendBlocks(connection, size);
    const status = await connection.status();
    connection.destroy();
    return status;
  });
}
