import { performance } from 'node:perf_hooks';
import { call } from '../../server/coffer-account.ts';
import { encryptionOf, type Mode } from '../../server/encryption.ts';
import type { LimitCase, LoadedServer } from '../limit-case.ts';
import { tally, times, workers } from '../tally.ts';
import { s3RequestsOf, wayTitle, type Way } from '../way.ts';

const rows = 10_000;
const readers = 16;
const pagesEach = 4;
const uploadsAtOnce = 32;

/** Listings of 10,000 rows for many readers at once: one page of B2, ten of S3, which has 1,000 rows in each. */
export function listings(way: Way): LimitCase {
  return {
    title: `${readers} readers of ${rows} rows, ${wayTitle(way)}`,
    disk: 2 ** 30,
    prepare: (server) => fill(server, [way.mode]),
    load: async (server) => {
      let left = readers * pagesEach;
      return readListings(server, [way], () => left-- > 0);
    },
  };
}

/** Lets readers read, each in one of these ways, as long as `more` says so. */
export async function readListings(server: LoadedServer, ways: readonly Way[], more: () => boolean): Promise<string> {
  const began = performance.now();
  const lengths: number[] = [];
  await times(readers, async (i) => {
    const readAll = ways[i % ways.length]?.api === 'S3' ? readWithS3 : readWithB2;
    while (more()) lengths.push(await readAll(server));
  });
  const seconds = (performance.now() - began) / 1000;
  return `${tally(lengths)} rows, ${(lengths.length / seconds).toFixed(1)} times/s`;
}

async function readWithB2({ account, bucketId }: LoadedServer): Promise<number> {
  const answer = await call(account, 'b2_list_file_names', { bucketId, maxFileCount: rows });
  return (answer['files'] as readonly unknown[]).length;
}

async function readWithS3(server: LoadedServer): Promise<number> {
  const requests = s3RequestsOf(server);
  let count = 0;
  for (let start: string | undefined = ''; start !== undefined && count < rows;) {
    const query: string = start === '' ? '' : `&continuation-token=${encodeURIComponent(start)}`;
    const target = `/${server.bucketName}?list-type=2&max-keys=${rows}${query}`;
    const { headers } = requests.signed({ method: 'GET', target, headers: {} });
    const answer = await fetch(`${server.account.url}${target}`, { headers });
    const page = await answer.text();
    if (!answer.ok) throw new Error(`A listing was answered with ${answer.status}: ${page}`);
    count += page.split('<Contents>').length - 1;
    start = /<NextContinuationToken>([^<]+)</.exec(page)?.[1];
  }
  return count;
}

/** Uploads as many files as a page of B2 has, encrypted in these ways in turn. */
export async function fill({ account, targets }: LoadedServer, modes: readonly Mode[]): Promise<void> {
  const encryptions = modes.map(encryptionOf);
  await workers(uploadsAtOnce, rows, (i) =>
    targets.use(async (target) => {
      const headers = {
        Authorization: target.token,
        'X-Bz-File-Name': `holiday/pictures/${String(i).padStart(6, '0')}.jpg`,
        'Content-Type': 'image/jpeg',
        'X-Bz-Content-Sha1': 'do_not_verify',
        ...encryptions[i % encryptions.length]?.b2.upload,
      };
      const answer = await fetch(`${account.url}${target.path}`, { method: 'POST', headers, body: 'x' });
      if (!answer.ok) throw new Error(`An upload was answered with ${answer.status}`);
      await answer.arrayBuffer();
    }),
  );
}
