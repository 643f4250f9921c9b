import { awsChunkedLength } from '@coffer/sigv4';
import { uploadTarget } from '../server/coffer-account.ts';
import { b2Uploads } from '../server/b2-loads.ts';
import type { LargeContent } from './large-content.ts';
import { objectPath, S3Requests } from './s3-requests.ts';
import type { LargeUpload } from './transfers.ts';

const type = { 'Content-Type': 'application/octet-stream' };
const piecesOf = ({ parts }: LargeContent): readonly Uint8Array[] => parts.map(({ bytes }) => bytes);

/** A single upload of B2. */
export async function uploadByB2Stream({ server, client, name, content, encryption }: LargeUpload): Promise<void> {
  const target = await uploadTarget(server.account, server.bucketId);
  const [request] = b2Uploads([target], [name], content, encryption);
  if (request !== undefined) await client.send(request, piecesOf(content));
}

/** PutObject whose body is not signed but has a Content-MD5. */
export async function uploadByS3Stream({ client, name, content, encryption }: LargeUpload): Promise<void> {
  const headers = { ...type, 'Content-MD5': content.md5, ...encryption.s3.upload };
  const put = { method: 'PUT', target: objectPath(name), headers } as const;
  await client.send(new S3Requests(client.host).signed(put), piecesOf(content));
}

const trailer = 'x-amz-checksum-crc32';

/** PutObject in a single chunk, which is not signed, with a CRC32 behind it. */
export async function uploadByS3Chunk({ client, name, content, encryption }: LargeUpload): Promise<void> {
  const { size } = content;
  const headers = {
    ...type,
    'Content-Encoding': 'aws-chunked',
    'X-Amz-Decoded-Content-Length': String(size),
    'X-Amz-Trailer': trailer,
    ...encryption.s3.upload,
  };
  const put = { method: 'PUT', target: objectPath(name), headers } as const;
  const request = new S3Requests(client.host).signed(put, { kind: 'aws-chunked', signed: false, trailer: true });
  const head = Buffer.from(`${size.toString(16)}\r\n`);
  const end = Buffer.from(`\r\n0\r\n${trailer}:${content.crc32}\r\n\r\n`);
  // The framing is written here, since an encoder has to hold each chunk whole.
  const body = [head, ...piecesOf(content), end];
  const length = body.reduce((sum, bytes) => sum + bytes.length, 0);
  if (length !== awsChunkedLength(size, { signed: false, chunkSize: size, trailers: [trailer] }))
    throw new Error('The body in one chunk is not framed as aws-chunked');
  await client.send(request, body);
}
