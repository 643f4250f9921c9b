import type { BucketId, FileId } from '@coffer/b2-schema';
import { fc } from '@fast-check/vitest';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../create-client.ts';
import { CustomerKeyRing } from '../encryption/customer-key-ring.ts';
import { sseB2, sseC, type FileEncryption } from '../encryption/file-encryption.ts';
import { bytes, caught } from '../../test/caught.ts';
import { memoryServer, refusal, type MemoryServer } from '../../test/memory-server.ts';
import type { ReencryptOptions, ReencryptProgress } from './reencrypt.ts';

const oldKey = sseC(new Uint8Array(32).fill(1), { id: '2025' });
const newKey = sseC(new Uint8Array(32).fill(2), { id: '2026' });
const otherKey = sseC(new Uint8Array(32).fill(3), { id: 'other' });
const ring = new CustomerKeyRing([otherKey, oldKey, newKey]);
const nothing = { names: 0, copied: 0, bytes: 0, deleted: 0, locked: 0, left: 0 };

let server: MemoryServer;
let client: Client;
let bucketId: BucketId;

beforeEach(async () => {
  server = await memoryServer();
  bucketId = await server.bucket();
  client = server.client();
});

const put = async (fileName: string, text: string, encryption?: FileEncryption, more: object = {}): Promise<FileId> => {
  server.clock.advance(1);
  return (await client.upload({ bucketId, fileName, data: bytes(text), encryption, ...more })).fileId;
};
const rotate = (more: Partial<ReencryptOptions> = {}): Promise<ReencryptProgress> =>
  client.reencrypt({ bucketId, from: oldKey, to: newKey, parallel: 1, ...more });
const read = async (fileId: FileId): Promise<string> =>
  new TextDecoder().decode(await (await client.download({ fileId, encryption: ring })).bytes());

/** Each version as `name text key`, or `name hidden`: of each name the newest first. */
async function shown(): Promise<string[]> {
  const rows: string[] = [];
  for await (const row of client.list.fileVersions({ bucketId })) {
    if (row.action === 'folder') continue;
    if (row.action === 'hide') rows.push(`${row.fileName} hidden`);
    else rows.push(`${row.fileName} ${await read(row.fileId)} ${row.fileInfo['sse_c_key_id'] ?? keyless(row)}`);
  }
  return rows;
}
const keyless = ({ serverSideEncryption: { mode } }: { serverSideEncryption: { mode: string | null } }) => String(mode);

interface Info {
  action: string;
  readonly fileInfo: Record<string, string>;
  contentLength: number;
}

/** Changes what the server says of files under the new key. */
function interceptInfo(of: MemoryServer, name: string, change: (info: Info) => void): void {
  of.intercept = async ({ operation }, goOn) => {
    if (operation !== name) return undefined;
    const answer = (await (await goOn()).json()) as Info & { files?: Info[] };
    for (const info of answer.files ?? [answer]) if (info.fileInfo['sse_c_key_id'] === '2026') change(info);
    return Response.json(answer);
  };
}

describe('reencrypt', () => {
  it('puts the current versions of a prefix under another key, and leaves what is not selected', async () => {
    await put('a/1', 'older', oldKey);
    await put('a/1', 'newer', oldKey);
    await put('a/2', 'other', otherKey);
    await put('a/3', 'plain');
    await put('b', 'outside', oldKey);
    const events: ReencryptProgress[] = [];
    const done = await rotate({ prefix: 'a/', onProgress: (progress) => events.push(progress) });
    expect(done).toEqual({ ...nothing, names: 3, copied: 1, bytes: 5, left: 2 });
    expect(events.at(-1)).toEqual(done);
    expect(await shown()).toEqual([
      ...['a/1 newer 2026', 'a/1 newer 2025', 'a/1 older 2025', 'a/2 other other', 'a/3 plain null', 'b outside 2025'],
    ]);
  });

  it('takes one file by its name, and none that begins with it', async () => {
    for (const name of ['a', 'ab', 'a b']) await put(name, name, oldKey);
    expect(await rotate({ fileName: 'a' })).toMatchObject({ names: 1, copied: 1 });
    expect(await rotate({ fileName: 'none' })).toEqual(nothing);
    expect(await shown()).toEqual(['a a 2026', 'a a 2025', 'a b a b 2025', 'ab ab 2025']);
  });

  it.each([
    ['SSE-B2 to a customer key', sseB2(), newKey, '2026'],
    ['a customer key to SSE-B2', oldKey, sseB2(), 'SSE-B2'],
    ['no encryption to SSE-B2', undefined, sseB2(), 'SSE-B2'],
  ])('from %s', async (_, from, to, key) => {
    await put('a', 'x', from);
    expect(await rotate({ from, to, deleteOld: true })).toMatchObject({ copied: 1, deleted: 1 });
    expect(await shown()).toEqual([`a x ${key}`]);
  });

  it('finds the keys of the sources in a ring, and takes files without a key too', async () => {
    await put('a', 'x', oldKey);
    await put('b', 'y', otherKey);
    await put('c', 'z', sseB2());
    expect(await rotate({ from: ring, deleteOld: true })).toMatchObject({ names: 3, copied: 3, deleted: 3 });
    expect(await shown()).toEqual(['a x 2026', 'b y 2026', 'c z 2026']);
  });

  it('keeps type, info, retention and hold, and deletes nothing that is locked, nor what is below it', async () => {
    bucketId = await server.bucket('locked-bucket', { fileLockEnabled: true });
    const retainUntilTimestamp = server.clock.now() + 86_400_000;
    const fileRetention = { mode: 'governance', retainUntilTimestamp } as const;
    const more = { contentType: 'text/x-mine', fileInfo: { my: 'info' } };
    await put('a', '1', oldKey);
    await put('a', '2', oldKey, { ...more, fileRetention, legalHold: 'on' });
    await put('a', '3', oldKey);
    const done = await rotate({ versions: 'all', deleteOld: true });
    expect(done).toMatchObject({ copied: 3, deleted: 1, locked: 2 });
    expect(await shown()).toEqual(['a 3 2026', 'a 2 2026', 'a 1 2026', 'a 2 2025', 'a 1 2025']);
    const { files } = await client.api.listFileVersions({ bucketId });
    expect(files[1]).toMatchObject({
      contentType: 'text/x-mine',
      fileInfo: { my: 'info', sse_c_key_id: '2026', reencrypted_from: files[3]?.fileId },
      fileRetention: { value: fileRetention },
      legalHold: { value: 'on' },
    });
    expect(await rotate({ versions: 'all', deleteOld: true })).toEqual({ ...nothing, names: 1, locked: 2 });
  });

  it('copies long files in parts', async () => {
    await put('a', 'x'.repeat(95), oldKey);
    const done = await rotate({ partSize: 30 });
    expect(done).toMatchObject({ copied: 1, bytes: 95 });
    expect(server.operations().filter((name) => name === 'b2_copy_part')).toHaveLength(4);
    expect(await shown()).toEqual([`a ${'x'.repeat(95)} 2026`, `a ${'x'.repeat(95)} 2025`]);
  });

  it('keeps a hidden name hidden, and skips it where only current versions count', async () => {
    await put('a', '1', oldKey);
    server.clock.advance(1);
    await client.api.hideFile({ bucketId, fileName: 'a' });
    expect(await rotate()).toMatchObject({ names: 1, copied: 0, left: 0 });
    expect(await rotate({ versions: 'all' })).toMatchObject({ copied: 1 });
    expect(await shown()).toEqual(['a hidden', 'a 1 2026', 'a hidden', 'a 1 2025']);
  });

  it('leaves a name where a version that is not selected would come to lie below older ones', async () => {
    await put('a', '1', oldKey);
    await put('a', '2', otherKey);
    expect(await rotate({ versions: 'all' })).toMatchObject({ copied: 0, left: 1 });
  });

  it('deletes nothing if the copy is not as its source, nor when it is run again', async () => {
    await put('a', '1', oldKey);
    interceptInfo(server, 'b2_get_file_info', (info) => info.contentLength++);
    const error = await caught(rotate({ deleteOld: true }));
    expect(error).toMatchObject({ code: 'invalid_response', message: 'The copy has another length' });
    interceptInfo(server, 'b2_list_file_versions', (info) => info.contentLength++);
    for (const versions of ['current', 'all'] as const) {
      expect(await rotate({ deleteOld: true, versions })).toEqual({ ...nothing, names: 1, left: 1 });
    }
    expect(server.operations()).not.toContain('b2_delete_file_version');
    expect(server.operations().filter((name) => name === 'b2_copy_file')).toHaveLength(1);
  });

  it('takes a server that calls a copy one when it is looked up', async () => {
    await put('a', '1', oldKey);
    interceptInfo(server, 'b2_get_file_info', (info) => (info.action = 'copy'));
    expect(await rotate({ deleteOld: true })).toMatchObject({ copied: 1, deleted: 1 });
  });

  it.each([
    ['text', '2', {}],
    ['type', '1', { contentType: 'text/x-mine' }],
    ['text of a large file', 'y'.repeat(150), {}],
  ])('deletes no version because a later upload with another %s has kept its info', async (_, text, more) => {
    const source = await put('a', text.length > 1 ? 'x'.repeat(150) : '1', oldKey);
    await put('a', text, newKey, { ...more, fileInfo: { reencrypted_from: source } });
    for (const versions of ['current', 'all'] as const) {
      expect(await rotate({ deleteOld: true, versions })).toEqual({ ...nothing, names: 1, left: 1 });
    }
  });

  it('puts no older version above the copy of one that was deleted', async () => {
    await put('a', '1', oldKey);
    await put('a', '2', oldKey);
    await rotate({ deleteOld: true });
    expect(await rotate({ deleteOld: true, versions: 'all' })).toMatchObject({ copied: 2, deleted: 2 });
    expect(await shown()).toEqual(['a 2 2026', 'a 1 2026']);
  });

  it.each(['current', 'all'] as const)('deletes no version that is not selected: %s', async (versions) => {
    await put('a', '1', oldKey);
    await put('a', '2', otherKey);
    await rotate({ from: ring, versions: 'all' });
    const before = await shown();
    expect(await rotate({ versions, deleteOld: true })).toMatchObject({ copied: 0, deleted: 0, left: 0 });
    expect(await shown()).toEqual(before);
    expect(await rotate({ from: ring, versions: 'all', deleteOld: true })).toMatchObject({ copied: 0, deleted: 2 });
  });

  it('refuses a customer key without an id, and a name beside a prefix', async () => {
    expect(await caught(rotate({ partSize: 0 }))).toMatchObject({ field: 'partSize' });
    expect(await caught(rotate({ to: sseC(new Uint8Array(32)) }))).toMatchObject({ field: 'to' });
    expect(await caught(rotate({ fileName: 'a', prefix: 'a' }))).toMatchObject({ field: 'prefix' });
    expect(server.operations()).toEqual([]);
  });

  it('ends with the reason of the signal', async () => {
    await put('a', '1', oldKey);
    const stop = new AbortController();
    server.intercept = ({ operation }) => {
      if (operation === 'b2_copy_file') stop.abort(new Error('enough'));
      return undefined;
    };
    await expect(rotate({ signal: stop.signal })).rejects.toThrow('enough');
    await expect(rotate({ signal: stop.signal })).rejects.toThrow('enough');
  });
});

/** The newest first, as the operations of {@link shown} without the names. */
const step = fc.constantFrom('old', 'new', 'hide');
const writes = ['b2_copy_file', 'b2_hide_file', 'b2_delete_file_version'];

it('ends the same, wherever it is interrupted and run again: what was on top is on top', async () => {
  const cases = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 6 }),
    stops: fc.array(fc.nat(5), { maxLength: 5 }),
    deleteOld: fc.boolean(),
  });
  let run = 0;
  for (const { steps, stops, deleteOld } of fc.sample(cases, { seed: 3, numRuns: 20 })) {
    bucketId = await server.bucket(`bucket-${run++}`);
    for (const [index, kind] of steps.entries()) {
      if (kind !== 'hide') await put('a', `${index}`, kind === 'old' ? oldKey : newKey);
      else {
        server.clock.advance(1);
        // A name that is hidden cannot be hidden again.
        await client.api.hideFile({ bucketId, fileName: 'a' }).catch(() => undefined);
      }
    }
    const before = await shown();
    for (const stop of stops) {
      let left = stop;
      server.intercept = ({ operation }) =>
        writes.includes(operation) && left-- === 0 ? refusal(400, 'bad_request') : undefined;
      await rotate({ versions: 'all', deleteOld }).catch(() => undefined);
    }
    server.intercept = undefined;
    await rotate({ versions: 'all', deleteOld });
    const after = await shown();
    expect(after[0]?.split(' ')[1]).toBe(before[0]?.split(' ')[1]);
    const texts = (rows: string[], key: string) =>
      new Set(rows.filter((row) => row.endsWith(key)).map((row) => row.split(' ')[1]));
    const all = steps.flatMap((kind, index) => (kind === 'hide' ? [] : [`${index}`]));
    expect([...texts(after, '2026')].sort()).toEqual(all);
    expect(texts(after, '2025')).toEqual(deleteOld ? new Set() : texts(before, '2025'));
    expect(await rotate({ versions: 'all', deleteOld })).toEqual({ ...nothing, names: before.length > 0 ? 1 : 0 });
  }
});
