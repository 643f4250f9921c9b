import { b2Downloads, b2Uploads, manyUploadTargets } from './b2-loads.ts';
import { startCoffer } from './coffer-process.ts';
import { encryptionOf, type Mode } from './encryption.ts';
import { HttpClient } from './http-client.ts';
import { nameCountOf, type LoadRequest, type Payload } from './load.ts';
import type { ProcessOptions } from './server-process.ts';
import { fileCount, type StartTarget } from './target.ts';

/** A Coffer server of so many workers, with a bucket, and what every file in it is encrypted with. */
export function cofferTarget(mode: Mode, workers: number, process: ProcessOptions = {}): StartTarget {
  return async (directory, payload) => {
    const server = await startCoffer(directory, { workers, tls: false, process });
    const { url, account, bucketId } = server;
    const encryption = encryptionOf(mode);
    const targets = await manyUploadTargets(account, bucketId);
    const files = numbered('file-', fileCount);
    const downloads = b2Downloads(account, files, encryption);
    const client = new HttpClient(url);
    for (const request of b2Uploads(targets, files, payload, encryption)) await client.send(request, [payload.bytes]);
    await checkDownload(client, downloads[0], payload);
    client.close();
    const uploads = b2Uploads(targets, numbered('bench/', nameCountOf(payload)), payload, encryption);
    return {
      ...server,
      url,
      upload: { requests: uploads, payload },
      download: { requests: downloads, payload: null },
    };
  };
}

/** Names with their numbers, all of one length. */
export function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(5, '0')}`);
}

/**
 * Checks a download, so that no figure is measured with wrong answers.
 *
 * @throws Error unless it is byte for byte what was uploaded.
 */
async function checkDownload(client: HttpClient, request: LoadRequest | undefined, payload: Payload): Promise<void> {
  const { body } = await client.send(request ?? { method: 'GET', target: '/', headers: {} });
  if (!body.equals(payload.bytes)) throw new Error('What was downloaded is not what was uploaded');
}
