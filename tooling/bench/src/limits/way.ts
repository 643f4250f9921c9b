import { S3Requests } from '../faces/s3-requests.ts';
import { b2Uploads } from '../server/b2-loads.ts';
import { encryptionOf, type Mode } from '../server/encryption.ts';
import type { LoadRequest } from '../server/load.ts';
import type { LoadedServer } from './limit-case.ts';

/** Through which API a load goes, and how its files are encrypted. */
export interface Way {
  readonly api: 'B2' | 'S3';
  readonly mode: Mode;
}

/** What most cases use. */
export const usualWay: Way = { api: 'B2', mode: 'SSE-B2' };

/** Both APIs, with encryption and without. */
export const ways: readonly Way[] = [
  usualWay,
  { api: 'B2', mode: 'none' },
  { api: 'S3', mode: 'SSE-B2' },
  { api: 'S3', mode: 'none' },
];

/** What distinguishes the names of cases that differ by their way: nothing for the usual one. */
export function suffixOf({ api, mode }: Way): string {
  return (api === 'S3' ? '-s3' : '') + (mode === 'none' ? '-none' : '');
}

/** The way as it is shown. SSE-B2 is what S3 calls SSE-S3. */
export function wayTitle({ api, mode }: Way): string {
  return `${api}, ${api === 'S3' && mode === 'SSE-B2' ? 'SSE-S3' : mode}`;
}

/** Signs requests for a server. */
export function s3RequestsOf({ account }: LoadedServer): S3Requests {
  return new S3Requests(new URL(account.url).host);
}

/** A file to be uploaded; its SHA-1, or `do_not_verify`, is sent to B2 only. */
interface NamedFile {
  readonly name: string;
  readonly sha1: string;
}

/** Lends the request of an upload without its body. An upload URL of B2 is not used by another one meanwhile. */
export function withUploadRequest<T>(
  server: LoadedServer,
  { api, mode }: Way,
  { name, sha1 }: NamedFile,
  use: (request: LoadRequest) => Promise<T>,
): Promise<T> {
  const encryption = encryptionOf(mode);
  if (api === 'S3') {
    const headers = { 'Content-Type': 'application/octet-stream', ...encryption.s3.upload };
    return use(s3RequestsOf(server).signed({ method: 'PUT', target: `/${server.bucketName}/${name}`, headers }));
  }
  return server.targets.use((target) => {
    const [request] = b2Uploads([target], [name], { sha1 }, encryption);
    if (request === undefined) throw new Error('There is no request for the upload');
    return use(request);
  });
}
