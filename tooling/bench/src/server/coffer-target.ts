import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  authorize,
  bannerEnd,
  createBucket,
  jsonOf,
  uploadTarget,
  type Account,
  type UploadTarget,
} from './coffer-account.ts';
import type { Load } from './load.ts';
import { startServerProcess } from './server-process.ts';
import { fileCount, largeBody, type Payload, type StartTarget } from './target.ts';

export type Mode = 'none' | 'SSE-B2' | 'SSE-C';

const program = fileURLToPath(new URL('./dist/main.js', import.meta.resolve('@coffer/server/package.json')));
const bucketName = 'benchmark';
/** Many more than there are connections, so that one has been answered long before its turn comes again. */
const tokenCount = 1_024;

/** A Coffer server of so many workers, with a bucket, and what every file in it is encrypted with. */
export function cofferTarget(mode: Mode, workers: number): StartTarget {
  return async (directory, payload) => {
    const place = ['--data', join(directory, 'data'), '--listen', '127.0.0.1:0', '--admin-listen', 'off'];
    const options = ['serve', ...place, '--workers', String(workers)];
    const server = await startServerProcess(program, options, bannerEnd, join(directory, 'log'));
    const account = await authorize(server.output);
    const bucketId = await createBucket(account, bucketName);
    const uploads = await targetsOf(account, bucketId);
    const sse = encryptionHeaders(mode);
    const upload = uploadLoad(uploads, payload, sse.upload);
    const paths = Array.from({ length: fileCount }, (_, i) => `/file/${bucketName}/file-${i}`);
    const download = {
      method: 'GET',
      paths,
      headers: { Authorization: account.token, ...sse.download },
      bodyFile: null,
      nameHeader: null,
      tokens: null,
    } as const;
    await putFiles(account.url, upload, payload);
    await checkDownload(account.url, download, payload);
    return { ...server, url: account.url, upload, download };
  };
}

/** Gets the targets one after the other: all at once would need more connections than the server allows one address. */
async function targetsOf(account: Account, bucketId: string): Promise<readonly UploadTarget[]> {
  const targets: UploadTarget[] = [];
  for (let i = 0; i < tokenCount; i++) targets.push(await uploadTarget(account, bucketId));
  return targets;
}

function uploadLoad(targets: readonly UploadTarget[], payload: Payload, sse: Record<string, string>): Load {
  const [{ path, token } = { path: '', token: '' }] = targets;
  const headers = {
    Authorization: token,
    'X-Bz-File-Name': 'upload',
    'Content-Type': 'application/octet-stream',
    'X-Bz-Content-Sha1': payload.sha1,
    ...sse,
  };
  const nameHeader = payload.bytes.length < largeBody ? 'X-Bz-File-Name' : null;
  return {
    method: 'POST',
    paths: [path],
    headers,
    bodyFile: payload.file,
    nameHeader,
    tokens: targets.map((target) => target.token),
  };
}

function encryptionHeaders(mode: Mode): Record<'upload' | 'download', Record<string, string>> {
  if (mode === 'none') return { upload: {}, download: {} };
  if (mode === 'SSE-B2') return { upload: { 'X-Bz-Server-Side-Encryption': 'AES256' }, download: {} };
  const key = randomBytes(32);
  const headers = {
    'X-Bz-Server-Side-Encryption-Customer-Algorithm': 'AES256',
    'X-Bz-Server-Side-Encryption-Customer-Key': key.toString('base64'),
    'X-Bz-Server-Side-Encryption-Customer-Key-Md5': createHash('md5').update(key).digest('base64'),
  };
  return { upload: headers, download: headers };
}

async function putFiles(url: string, { paths, headers }: Load, { bytes }: Payload): Promise<void> {
  for (let i = 0; i < fileCount; i++) {
    const call = { method: 'POST', headers: { ...headers, 'X-Bz-File-Name': `file-${i}` }, body: bytes };
    await jsonOf(await fetch(`${url}${paths[0] ?? ''}`, call));
  }
}

/** Checks a download, so that no figure is measured with wrong answers. */
async function checkDownload(url: string, { paths, headers }: Load, { sha1 }: Payload): Promise<void> {
  const answer = await fetch(`${url}${paths[0] ?? ''}`, { headers });
  const digest = createHash('sha1').update(new Uint8Array(await answer.arrayBuffer()));
  if (!answer.ok || digest.digest('hex') !== sha1) throw new Error('What was downloaded is not what was uploaded');
}
