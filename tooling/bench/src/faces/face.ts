import { createHash } from 'node:crypto';
import { b2Downloads, b2Uploads, manyUploadTargets } from '../server/b2-loads.ts';
import type { CofferProcess } from '../server/coffer-process.ts';
import type { Encryption } from '../server/encryption.ts';
import type { LoadRequest, Payload } from '../server/load.ts';
import { objectPath, S3Requests } from './s3-requests.ts';

export const directions = ['upload', 'download'] as const;
export type Direction = (typeof directions)[number];

/** The two APIs, and the ways of signing for S3. */
export type FaceName = 'B2' | 'S3' | 'S3 SHA-256' | 'S3 presigned';

/** Makes the requests of a contestant for the objects of some names. */
type MakeRequests = (names: readonly string[]) => readonly LoadRequest[];

/** The contestants of each direction. */
export type Faces = Readonly<Record<Direction, readonly (readonly [FaceName, MakeRequests])[]>>;

/**
 * The APIs of one server, for files like `payload`. Each upload comes with a digest that the server compares: SHA-1 for
 * B2, as its clients send it, MD5 for S3. Both are computed of every file whoever asks, so both APIs do the same work.
 */
export async function facesOf(server: CofferProcess, payload: Payload, encryption: Encryption): Promise<Faces> {
  const { account, bucketId } = server;
  const targets = await manyUploadTargets(account, bucketId);
  const requests = new S3Requests(new URL(server.url).host);
  const { upload, download } = s3Objects(payload, encryption);
  const sha256 = createHash('sha256').update(payload.bytes).digest('hex');
  const each =
    (make: (name: string) => LoadRequest): MakeRequests =>
    (names) =>
      names.map(make);
  return {
    upload: [
      ['B2', (names) => b2Uploads(targets, names, payload, encryption)],
      ['S3', each((name) => requests.signed(upload(name)))],
      ['S3 SHA-256', each((name) => requests.signed(upload(name), { kind: 'sha256', sha256 }))],
      ['S3 presigned', each((name) => requests.presigned(upload(name)))],
    ],
    download: [
      ['B2', (names) => b2Downloads(account, names, encryption)],
      ['S3', each((name) => requests.signed(download(name)))],
      ['S3 presigned', each((name) => requests.presigned(download(name)))],
    ],
  };
}

/** Requests of S3 that are not yet signed. */
function s3Objects({ bytes }: Payload, { s3 }: Encryption) {
  const contentMd5 = createHash('md5').update(bytes).digest('base64');
  const headers = { 'Content-Type': 'application/octet-stream', 'Content-MD5': contentMd5, ...s3.upload };
  return {
    upload: (name: string): LoadRequest => ({ method: 'PUT', target: objectPath(name), headers }),
    download: (name: string): LoadRequest => ({ method: 'GET', target: objectPath(name), headers: s3.download }),
  };
}
