import { call, UploadTargets } from '../../server/coffer-account.ts';
import type { LimitCase, LoadedServer } from '../limit-case.ts';
import { repeatedly, tally, workers } from '../tally.ts';

/** How long each of these loads lasts. */
const seconds = 10;
const clients = 16;
const atOnce = 32;

const encrypted = { mode: 'SSE-B2', algorithm: 'AES256' };
const perSecond = (rate: number, what: string) => `${rate.toFixed(1)} ${what}/s`;

/** Large files of as many parts as there can be, of which every reader wants one byte. */
export function manyParts(readers: number): LimitCase {
  const parts = 10_000;
  const fileName = 'many-parts';
  return {
    title: `${readers} readers of one byte of ${parts} parts`,
    disk: 2 ** 30,
    options: ['--minimum-part-size', '1'],
    prepare: (server) => makeLargeFile(server, fileName, parts),
    load: (server) => readByte(server, { fileName, at: 5000, readers }),
  };
}

/** The same with a file without parts, for comparison: what so many short requests cost other clients anyway. */
export function oneByte(readers: number): LimitCase {
  return {
    title: `${readers} readers of one byte of a small file`,
    disk: 2 ** 30,
    prepare: (server) => ignore(upload(server, 'small')),
    load: (server) => readByte(server, { fileName: 'small', at: 0, readers }),
  };
}

interface ByteReads {
  readonly fileName: string;
  /** Offset of the byte. */
  readonly at: number;
  readonly readers: number;
}

async function readByte({ account, bucketName }: LoadedServer, { fileName, at, readers }: ByteReads): Promise<string> {
  const rate = await repeatedly(readers, seconds, async () => {
    const headers = { Authorization: account.token, Range: `bytes=${at}-${at}` };
    const answer = await fetch(`${account.url}/file/${bucketName}/${fileName}`, { headers });
    if (!answer.ok) throw new Error(`A download was answered with ${answer.status}`);
    await answer.arrayBuffer();
  });
  return perSecond(rate, 'reads');
}

async function makeLargeFile({ account, bucketId }: LoadedServer, fileName: string, parts: number): Promise<void> {
  const started = { bucketId, fileName, contentType: 'text/plain', serverSideEncryption: encrypted };
  const { fileId } = await call(account, 'b2_start_large_file', started);
  const targets = UploadTargets.ofLargeFile(account, String(fileId));
  // The SHA-1 of 'x'.
  const sha1 = '11f6ad8ec52a2984abaafd7c3b516503785c2072';
  await workers(atOnce, parts, (i) =>
    targets.use(async ({ path, token }) => {
      const headers = { Authorization: token, 'X-Bz-Part-Number': String(i + 1), 'X-Bz-Content-Sha1': sha1 };
      const answer = await fetch(`${account.url}${path}`, { method: 'POST', headers, body: 'x' });
      if (!answer.ok) throw new Error(`A part was answered with ${answer.status}`);
      await answer.arrayBuffer();
    }),
  );
  await call(account, 'b2_finish_large_file', { fileId, partSha1Array: Array.from({ length: parts }, () => sha1) });
}

/** Listings of as many folders as a page has. */
export const folders: LimitCase = {
  title: `${clients} readers of 10,000 folders`,
  disk: 2 ** 30,
  prepare: async (server) => {
    await workers(atOnce, 10_000, (i) => ignore(upload(server, `folder-${i}/file`)));
  },
  load: async ({ account, bucketId }) => {
    const listing = { bucketId, maxFileCount: 10_000, delimiter: '/' };
    return perSecond(
      await repeatedly(clients, seconds, () => ignore(call(account, 'b2_list_file_names', listing))),
      'pages',
    );
  },
};

/** Listings of unfinished large files that have to look at all of them. */
export const unmatchedPrefix: LimitCase = {
  title: `${clients} readers of unfinished files by a prefix that none has`,
  disk: 2 ** 30,
  prepare: (server) => startMany(server, (i) => `backup/volume-${i}`),
  load: async ({ account, bucketId }) => {
    const listing = { bucketId, namePrefix: 'none' };
    const list = () => ignore(call(account, 'b2_list_unfinished_large_files', listing));
    return perSecond(await repeatedly(clients, seconds, list), 'pages');
  },
};

/** Uploads and deletes of a name between whose versions lie thousands of unfinished large files. */
export const contestedName: LimitCase = {
  title: `${clients} uploads and deletes of a name with 5,000 unfinished files`,
  disk: 2 ** 30,
  prepare: async (server) => {
    await upload(server, 'contested');
    await startMany(server, () => 'contested');
  },
  load: async (server) => {
    const rate = await repeatedly(clients, seconds, async () => {
      const fileId = await upload(server, 'contested');
      await call(server.account, 'b2_delete_file_version', { fileName: 'contested', fileId });
    });
    return perSecond(rate, 'uploads and deletes');
  },
};

async function startMany({ account, bucketId }: LoadedServer, nameOf: (index: number) => string): Promise<void> {
  await workers(atOnce, 5_000, async (i) => {
    const file = { bucketId, fileName: nameOf(i), contentType: 'text/plain', serverSideEncryption: encrypted };
    await call(account, 'b2_start_large_file', file);
  });
}

/** Requests with the most JSON that the server reads, full of useless values. */
export const hugeJson: LimitCase = {
  title: `${clients} senders of JSON of a MiB`,
  disk: 2 ** 20,
  load: async ({ account: { url, token }, bucketId }) => {
    const fileInfo = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 'value']));
    const rules = Array.from({ length: 100_000 }, () => ({}));
    const requests = [
      { operation: 'b2_start_large_file', fields: { bucketId, fileName: 'a', contentType: 'text/plain', fileInfo } },
      { operation: 'b2_update_bucket', fields: { bucketId, corsRules: rules } },
      {
        operation: 'b2_finish_large_file',
        fields: { partSha1Array: Array.from({ length: 10_000 }, () => ''.padStart(90)) },
      },
    ].map(({ operation, fields }) => ({ operation, body: JSON.stringify(fields) }));
    const statuses: number[] = [];
    const rate = await repeatedly(clients, seconds, async (index) => {
      const { operation = '', body = '' } = requests[index % requests.length] ?? {};
      const answer = await fetch(`${url}/b2api/v2/${operation}`, {
        method: 'POST',
        headers: { Authorization: token },
        body,
      });
      await answer.arrayBuffer();
      statuses.push(answer.status);
    });
    return `${perSecond(rate, 'requests')}, ${tally(statuses)}`;
  },
};

/** Rules that look at ten thousand files again and again, most of them for prefixes that no file has. */
export const lifecycleRuns: LimitCase = {
  title: 'lifecycle runs over 10,000 files with 100 rules',
  disk: 2 ** 30,
  options: ['--lifecycle-interval', '1'],
  prepare: async (server) => {
    const { account, bucketId } = server;
    await workers(atOnce, 10_000, (i) => ignore(upload(server, `logs/${i}`)));
    const days = { daysFromUploadingToHiding: 9, daysFromHidingToDeleting: 9 };
    const none = Array.from({ length: 99 }, (_, i) => ({ fileNamePrefix: `none-${i}-`, ...days }));
    const lifecycleRules = [{ fileNamePrefix: 'logs/', ...days }, ...none];
    await call(account, 'b2_update_bucket', { accountId: account.accountId, bucketId, lifecycleRules });
  },
  load: async () => {
    // The first run begins ten seconds after the start.
    await new Promise((resolve) => setTimeout(resolve, 2 * seconds * 1000));
    return 'a run a second';
  },
};

/** Uploads a file; resolves to its file id. */
function upload({ account, targets }: LoadedServer, name: string): Promise<string> {
  return targets.use(async ({ path, token }) => {
    const headers = {
      Authorization: token,
      'X-Bz-File-Name': name,
      'Content-Type': 'text/plain',
      'X-Bz-Content-Sha1': 'do_not_verify',
    };
    const answer = await fetch(`${account.url}${path}`, { method: 'POST', headers, body: 'x' });
    if (!answer.ok) throw new Error(`An upload was answered with ${answer.status}`);
    return String(((await answer.json()) as Record<string, unknown>)['fileId']);
  });
}

async function ignore(answer: Promise<unknown>): Promise<void> {
  await answer;
}
