import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import type { ConfigInput } from '../config/settings.ts';
import { authorize, call, customerKeyHeaders, type Answer, type Session } from '../test-support/b2-calls.ts';
import { consolePlace } from '../test-support/console-place.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';
import type { RunningServer } from './running-server.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

interface Place {
  readonly server: RunningServer;
  readonly session: Session;
  readonly log: () => string;
}

async function place(
  root: string,
  masterKey?: string,
  input: ConfigInput = {},
): Promise<Place & { masterKey: string }> {
  const log = collectLog();
  const settings = { consoleListen: '127.0.0.1:0', logLevel: 'debug', ...input } as const;
  const consoleFiles = await consolePlace(root);
  const server = await start(testConfig(root, settings), { consoleFiles, logDestination: log });
  const secret = masterKey ?? server.masterKey!.expose((text) => text);
  const session = await authorize(server.urls.http!, server.masterKeyId, secret);
  return { server, session, log: log.text, masterKey: secret };
}

type Json = Record<string, unknown>;

async function ask({ server, session }: Place, name: string, fields: object, token = session.token) {
  const answer: Answer = await call(`${server.urls.console!}/cofferapi/v1/coffer_${name}`, {
    method: 'POST',
    headers: { Authorization: token },
    body: JSON.stringify(fields),
  });
  return { status: answer.status, json: JSON.parse(answer.bytes.toString()) as Json };
}

/** The newest snapshot, when it has ended. */
async function ended(it: Place): Promise<Json> {
  for (;;) {
    const { json } = await ask(it, 'list_snapshots', {});
    const [snapshot] = json['snapshots'] as Json[];
    if (!['waiting', 'running'].includes(String(snapshot?.['state']))) return snapshot!;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function tokenOf({ session, server }: Place, capabilities: readonly string[], restriction: object = {}) {
  const wanted = { accountId: session.accountId, keyName: 'key', capabilities, ...restriction };
  const key = await session.api('b2_create_key', wanted);
  return (await authorize(server.urls.http!, String(key['applicationKeyId']), String(key['applicationKey']))).token;
}

/** What a refusal of the selection says of it. */
function named(selection: object): RegExp {
  if ('cursor' in selection) return /cursor/;
  return 'files' in selection ? /files/ : 'folders' in selection ? /folders/ : /selected/;
}

const all = ['listFiles', 'readFiles', 'writeFiles'];

describe('snapshots', () => {
  it('are planned, made in the background, and downloaded', async () => {
    const it = await place(await temporaryDirectory());
    const { session } = it;
    const bucketId = await session.createBucket('my-bucket');
    const data = randomBytes(200_000);
    await session.upload(bucketId, 'photos/a.jpg', data);
    await session.upload(bucketId, 'photos/b.jpg', Buffer.from('b'));
    await session.upload(bucketId, 'photos/c.jpg', Buffer.from('c'), customerKeyHeaders(randomBytes(32)));
    const selection = { bucketId, folders: ['photos/'] };
    const plan = await ask(it, 'plan_snapshot', selection);
    expect(plan).toEqual({
      status: 200,
      json: {
        included: { fileCount: 2, totalBytes: 200_001 },
        encrypted: { fileCount: 1, totalBytes: 1, fileNames: ['photos/c.jpg'] },
        absent: { fileCount: 0, totalBytes: 0, fileNames: [] },
        nextCursor: null,
      },
    });
    const asked = await ask(it, 'create_snapshot', { ...selection, title: 'Photos' });
    expect(asked).toMatchObject({ status: 200, json: { state: 'waiting', fileId: null, bucketName: 'my-bucket' } });
    const snapshot = await ended(it);
    expect(snapshot).toMatchObject({
      ...{ snapshotId: asked.json['snapshotId'], state: 'done', fileName: 'my-bucket/Photos.zip', isCounted: true },
      ...{ done: { fileCount: 2, totalBytes: 200_001 }, encrypted: { fileCount: 1 }, failure: null },
    });
    const bucket = String(snapshot['snapshotBucketName']);
    const { bytes, status, headers } = await session.download(bucket, 'my-bucket/Photos.zip');
    expect([status, headers['content-type'], bytes.length]).toEqual([
      200,
      'application/zip',
      snapshot['contentLength'],
    ]);
    const zip = await fromBufferPromise(bytes, { lazyEntries: true });
    const names: string[] = [];
    for await (const { fileName } of zip.eachEntry()) names.push(fileName);
    expect(names).toEqual(['photos/a.jpg', 'photos/b.jpg']);
    const { buckets } = (await session.api('b2_list_buckets', { accountId: session.accountId })) as { buckets: Json[] };
    const made = buckets.find(({ bucketName }) => bucketName === bucket)!;
    expect(made).toMatchObject({ bucketType: 'snapshot' });
    for (const bucketType of ['allPublic', 'snapshot']) {
      const change = { accountId: session.accountId, bucketId: made['bucketId'], bucketType };
      await expect(session.api('b2_update_bucket', change)).rejects.toThrow('bad_request');
    }
    await session.api('b2_delete_file_version', { fileId: snapshot['fileId'], fileName: 'my-bucket/Photos.zip' });
    const { json: listed } = await ask(it, 'list_snapshots', {});
    expect(listed['snapshots']).toMatchObject([{ state: 'done', isFileDeleted: true }]);
    const forget = () => ask(it, 'forget_snapshot', { snapshotId: snapshot['snapshotId'] });
    expect(await forget()).toEqual({ status: 200, json: { snapshotId: snapshot['snapshotId'] } });
    expect((await forget()).status).toBe(404);
    expect((await ask(it, 'list_snapshots', {})).json['snapshots']).toEqual([]);
    expect(it.log()).toContain('snapshot made');
    expect(it.log()).not.toContain('photos/');
  });

  it('are made once where a request is repeated with its requestId', async () => {
    const it = await place(await temporaryDirectory());
    const bucketId = await it.session.createBucket('my-bucket');
    await it.session.upload(bucketId, 'a', Buffer.from('a'));
    const fields = { bucketId, folders: [''], requestId: 'b2f4-1' };
    const asked = await ask(it, 'create_snapshot', fields);
    expect(asked.status).toBe(200);
    await ended(it);
    const again = await ask(it, 'create_snapshot', fields);
    expect(again).toMatchObject({ status: 200, json: { snapshotId: asked.json['snapshotId'], state: 'done' } });
    expect(await ask(it, 'create_snapshot', { ...fields, folders: ['a'] })).toEqual({
      status: 409,
      json: { status: 409, code: 'conflict', message: 'Another snapshot was asked for with this requestId' },
    });
    expect(await ask(it, 'create_snapshot', { ...fields, requestId: 'a b' })).toMatchObject({
      ...{ status: 400, json: { code: 'bad_request', message: expect.stringContaining('requestId') as string } },
    });
    expect((await ask(it, 'list_snapshots', {})).json['snapshots']).toHaveLength(1);
  });

  it('are gone on with after a restart', async () => {
    const root = await temporaryDirectory();
    let it = await place(root);
    const { masterKey } = it;
    const bucketId = await it.session.createBucket('my-bucket');
    await it.session.upload(bucketId, 'a', randomBytes(100_000));
    // The server may be quicker than its end. Then another one is asked for.
    let snapshotId: unknown;
    for (let attempt = 1, isMade = true; isMade; attempt++) {
      expect(attempt).toBeLessThan(20);
      snapshotId = (await ask(it, 'create_snapshot', { bucketId, folders: [''] })).json['snapshotId'];
      await it.server.close();
      isMade = it.log().includes('snapshot made');
      it = await place(root, masterKey);
    }
    const snapshot = await ended(it);
    expect(snapshot).toMatchObject({ snapshotId, state: 'done', done: { fileCount: 1, totalBytes: 100_000 } });
    const { log } = it;
    await expect.poll(() => log().split('snapshot made').length, { timeout: 60_000 }).toBe(2);
    const { bytes } = await it.session.download(String(snapshot['snapshotBucketName']), String(snapshot['fileName']));
    const zip = await fromBufferPromise(bytes, { lazyEntries: true });
    expect(zip.entryCount).toBe(1);
  });

  it('are cancelled', async () => {
    const it = await place(await temporaryDirectory());
    const bucketId = await it.session.createBucket('my-bucket');
    await it.session.upload(bucketId, 'a', Buffer.from('a'));
    // The server may be quicker. Then another one is asked for.
    for (let attempt = 1, isCancelled = false; !isCancelled; attempt++) {
      expect(attempt).toBeLessThan(20);
      const { json } = await ask(it, 'create_snapshot', { bucketId, files: [{ fileName: 'a' }] });
      const { snapshotId } = json;
      const cancelled = await ask(it, 'cancel_snapshot', { snapshotId });
      isCancelled = cancelled.status === 200;
      const state = isCancelled ? 'cancelled' : 'done';
      const snapshot = await ended(it);
      expect(snapshot).toMatchObject({ snapshotId, state, failure: null });
      expect(snapshot['fileId'] === null).toBe(isCancelled);
      const refused = { status: 409, code: 'conflict', message: 'The snapshot has ended, or is about to' };
      expect(await ask(it, 'cancel_snapshot', { snapshotId })).toEqual({ status: 409, json: refused });
      if (isCancelled) continue;
      // Of one that was made, there is the ZIP file.
      const place = [String(snapshot['snapshotBucketName']), String(snapshot['fileName'])] as const;
      expect((await it.session.download(...place)).status).toBe(200);
    }
    expect(await ask(it, 'cancel_snapshot', { snapshotId: 'none' })).toEqual({
      status: 404,
      json: { status: 404, code: 'not_found', message: 'There is no such snapshot' },
    });
  });

  it.each(['plan_snapshot', 'create_snapshot', 'list_snapshots', 'cancel_snapshot', 'forget_snapshot'])(
    '%s needs an unrestricted key with every right, and says what is missing',
    async (name) => {
      const it = await place(await temporaryDirectory());
      const bucketId = await it.session.createBucket('my-bucket');
      await it.session.upload(bucketId, 'a', Buffer.from('a'));
      const about = name.startsWith('plan') || name.startsWith('create') ? { bucketId, folders: [''] } : {};
      const isOfOne = name.startsWith('cancel') || name.startsWith('forget');
      const fields = isOfOne ? { snapshotId: '0'.repeat(32) } : about;
      const refusal = async (token: string) => {
        const { status, json } = await ask(it, name, fields, token);
        return [status, json['code'], json['message']];
      };
      const lacking = await refusal(await tokenOf(it, ['listFiles', 'deleteFiles']));
      expect(lacking).toEqual([401, 'unauthorized', 'The application key lacks readFiles, writeFiles']);
      for (const capability of all) {
        const others = await refusal(await tokenOf(it, [...all.filter((one) => one !== capability), 'listBuckets']));
        expect(others).toEqual([401, 'unauthorized', `The application key lacks ${capability}`]);
      }
      const narrow = await refusal(await tokenOf(it, all, { bucketId, namePrefix: 'a' }));
      expect(narrow.slice(0, 2)).toEqual([401, 'unauthorized']);
      expect(narrow[2]).toMatch(/restricted to buckets and names with a prefix$/);
      expect((await refusal(await tokenOf(it, all, { bucketId })))[2]).toMatch(/restricted to buckets$/);
      const { status } = await ask(it, name, fields, await tokenOf(it, all));
      expect(status).toBe(isOfOne ? 404 : 200);
    },
  );

  it('are refused for selections that cannot be', async () => {
    const it = await place(await temporaryDirectory());
    const bucketId = await it.session.createBucket('my-bucket');
    const many = Array.from({ length: 1_001 }, () => ({ fileName: 'a' }));
    for (const selection of [
      ...[{}, { files: many }, { folders: Array.from({ length: 101 }, () => 'a') }, { files: [{ fileName: '' }] }],
      ...[{ files: [{ name: 'a' }] }, { folders: [''], cursor: 'x' }, { folders: [''], cursor: '7' }],
    ])
      for (const name of 'cursor' in selection ? ['plan_snapshot'] : ['plan_snapshot', 'create_snapshot'])
        expect(await ask(it, name, { bucketId, ...selection })).toMatchObject({
          ...{ status: 400, json: { code: 'bad_request', message: expect.stringMatching(named(selection)) as string } },
        });
    const missing = { bucketId: 'f'.repeat(24), folders: [''] };
    expect(await ask(it, 'create_snapshot', missing)).toMatchObject({ status: 400, json: { code: 'bad_bucket_id' } });
    for (const title of ['', 'a/b', '\u0000'])
      expect(await ask(it, 'create_snapshot', { bucketId, folders: [''], title })).toMatchObject({
        ...{ status: 400, json: { code: 'bad_request', message: expect.stringMatching(/title/) as string } },
      });
    expect((await ask(it, 'list_snapshots', {})).json).toEqual({ snapshots: [], nextBefore: null });
  });

  it('are planned in pages', async () => {
    const it = await place(await temporaryDirectory());
    const bucketId = await it.session.createBucket('my-bucket');
    const files = Array.from({ length: 1_000 }, (_, number) => ({ fileName: `none ${number}` }));
    await it.session.upload(bucketId, 'z/a', Buffer.from('a'));
    const first = await ask(it, 'plan_snapshot', { bucketId, files, folders: ['z/'] });
    expect(first.json).toMatchObject({ included: { fileCount: 0 }, absent: { fileCount: 1_000 }, nextCursor: '1000' });
    const next = { bucketId, files, folders: ['z/'], cursor: first.json['nextCursor'] };
    expect((await ask(it, 'plan_snapshot', next)).json).toMatchObject({ included: { fileCount: 1 }, nextCursor: null });
  });
});
