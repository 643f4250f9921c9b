import { call, UploadTargets } from '../server/coffer-account.ts';
import type { LoadRequest } from '../server/load.ts';
import { objectPath, S3Requests } from './s3-requests.ts';
import type { LargePart } from './large-content.ts';
import type { LargeUpload } from './transfers.ts';

/** Parts that are sent at the same time. */
const atOnce = 4;

/** A multipart upload of S3. */
export async function uploadByS3Parts(upload: LargeUpload): Promise<void> {
  const { client, name, content, encryption } = upload;
  const requests = new S3Requests(client.host);
  const path = objectPath(name);
  const post = (query: string, headers = {}): LoadRequest =>
    requests.signed({ method: 'POST', target: `${path}?${query}`, headers });
  const type = { 'Content-Type': 'application/octet-stream' };
  const started = await client.send(post('uploads=', { ...type, ...encryption.s3.upload }));
  const uploadId = encodeURIComponent(elementOf(started.body, 'UploadId'));
  const etags = await eachPart(content.parts, async ({ bytes, md5 }, number) => {
    const target = `${path}?partNumber=${number}&uploadId=${uploadId}`;
    const headers = { 'Content-MD5': md5, ...encryption.s3.part };
    const answer = await client.send(requests.signed({ method: 'PUT', target, headers }), [bytes]);
    return String(answer.headers['etag']);
  });
  const done = await client.send(post(`uploadId=${uploadId}`), [completion(etags)]);
  // This operation's status says nothing of its success, which the answer's document does.
  elementOf(done.body, 'ETag');
}

function completion(etags: readonly string[]): Uint8Array {
  const parts = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
  return Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
}

function elementOf(document: Buffer, name: string): string {
  const [, text] = new RegExp(`<${name}>([^<]+)</${name}>`).exec(document.toString()) ?? [];
  if (text === undefined) throw new Error(`An answer of S3 has no ${name}: ${document.toString()}`);
  return text;
}

/** A large file of B2. */
export async function uploadByB2Parts({ server, client, name, content, encryption }: LargeUpload): Promise<void> {
  const { account, bucketId } = server;
  const { b2 } = encryption;
  const { fileId } = await call(account, 'b2_start_large_file', {
    bucketId,
    fileName: name,
    contentType: 'application/octet-stream',
    ...(b2.setting !== undefined && { serverSideEncryption: b2.setting }),
  });
  const targets = UploadTargets.ofLargeFile(account, String(fileId));
  await eachPart(content.parts, ({ bytes, sha1 }, number) =>
    targets.use(({ path: target, token: Authorization }) => {
      const said = { Authorization, 'X-Bz-Part-Number': String(number), 'X-Bz-Content-Sha1': sha1 };
      return client.send({ method: 'POST', target, headers: { ...said, ...b2.part } }, [bytes]);
    }),
  );
  const partSha1Array = content.parts.map(({ sha1 }) => sha1);
  await call(account, 'b2_finish_large_file', { fileId, partSha1Array });
}

/** Sends all parts, some at once; resolves to what came of each, in their order. */
async function eachPart<T>(
  parts: readonly LargePart[],
  send: (part: LargePart, number: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  const left = parts.entries();
  const sender = async () => {
    for (const [i, part] of left) results[i] = await send(part, i + 1);
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return results;
}
