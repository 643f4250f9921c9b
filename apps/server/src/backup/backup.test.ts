import { keys } from '@coffer/storage-ports';
import { openLocalStore } from '@coffer/store-local';
import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunningServer } from '../server/running-server.ts';
import { authorize, call, type Session } from '../test-support/b2-calls.ts';
import { runCommand } from '../test-support/run-command.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { treeSnapshot } from '../test-support/tree-snapshot.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

async function served(root: string, name = 'data') {
  const config = testConfig(root, { data: join(root, name), keys: join(root, 'keys'), inlineThreshold: 1_000 });
  return { config, server: await start(config) };
}

async function sessionOf({ urls, masterKeyId }: RunningServer, secret: string): Promise<Session> {
  return authorize(urls.http!, masterKeyId, secret);
}

const secretOf = ({ masterKey }: RunningServer) => masterKey!.expose((text) => text);

interface MadeKey {
  readonly applicationKeyId: string;
  readonly applicationKey: string;
}

async function makeKey(session: Session, capabilities: readonly string[]): Promise<MadeKey> {
  const { accountId } = session;
  return (await session.api('b2_create_key', { accountId, capabilities, keyName: 'key' })) as unknown as MadeKey;
}

async function backUp(root: string, ...args: readonly string[]) {
  return runCommand('backup', join(root, 'backups'), '--data', join(root, 'data'), ...args);
}

async function restore(root: string, name: string) {
  return runCommand('restore', join(root, 'backups'), '--data', join(root, name));
}

describe('a backup', () => {
  it('is taken beside a running server and restored; then nothing holds that was given out since', async () => {
    const root = await temporaryDirectory();
    const { server } = await served(root);
    const secret = secretOf(server);
    const session = await sessionOf(server, secret);
    const bucketId = await session.createBucket('bucket-one');
    const before = await makeKey(session, ['listFiles']);
    await session.upload(bucketId, 'small', Buffer.from('small'));
    await session.upload(bucketId, 'large', Buffer.alloc(100_000, 'large'));
    const taken = await backUp(root);
    expect(taken).toMatchObject({ code: 0 });
    expect(taken.stdout).toMatch(/\/backups\/backup-\d{8}T\d{6}Z\n$/);
    expect(taken.stderr).toContain('The keyring is not in the backup');
    // The case: a key of all rights, and a token of it, that only the lost life of the store knows.
    const lost = await makeKey(session, ['listFiles', 'writeFiles', 'deleteFiles', 'writeKeys']);
    const lostSession = await authorize(server.urls.http!, lost.applicationKeyId, lost.applicationKey);
    await server.close(0);
    const restored = await restore(root, 'again');
    expect(restored).toMatchObject({ code: 0, stdout: '' });
    const { server: again } = await served(root, 'again');
    const now = await sessionOf(again, secret);
    for (const [name, data] of [
      ['small', Buffer.from('small')],
      ['large', Buffer.alloc(100_000, 'large')],
    ] as const) {
      const { status, bytes } = await now.download('bucket-one', name);
      expect(status).toBe(200);
      expect(bytes.equals(data)).toBe(true);
    }
    const made = await makeKey(now, ['listFiles']);
    expect([before.applicationKeyId, lost.applicationKeyId]).not.toContain(made.applicationKeyId);
    for (const { token } of [lostSession, session]) {
      const headers = { Authorization: token };
      const body = JSON.stringify({ bucketId });
      const answer = await call(`${again.urls.http!}/b2api/v2/b2_list_file_names`, { method: 'POST', headers, body });
      expect(answer.status).toBe(401);
    }
    const { applicationKeyId, applicationKey } = lost;
    await expect(authorize(again.urls.http!, applicationKeyId, applicationKey)).rejects.toThrow('401');
    await authorize(again.urls.http!, before.applicationKeyId, before.applicationKey);
  });

  it('leaves no lease behind that would keep deletes from removing blobs', async () => {
    const root = await temporaryDirectory();
    const { config, server } = await served(root);
    const session = await sessionOf(server, secretOf(server));
    const bucketId = await session.createBucket('bucket-one');
    await backUp(root);
    const { bytes } = await session.upload(bucketId, 'file', Buffer.alloc(5_000));
    const { fileId } = JSON.parse(bytes.toString()) as { fileId: string };
    await session.api('b2_delete_file_version', { fileName: 'file', fileId });
    const folders = await readdir(join(config.data, 'blobs'), { recursive: true, withFileTypes: true });
    expect(folders.filter((entry) => entry.isFile() && entry.name.length === 32)).toEqual([]);
    expect((await restore(root, 'again')).code).toBe(0);
    const store = await openLocalStore({ directory: join(root, 'again') });
    onTestFinished(() => store.close());
    expect(await store.metadata.get('backupLeases', keys.backupLeases())).toBeUndefined();
  });

  it('is refused where it cannot be, and beside another one', async () => {
    const root = await temporaryDirectory();
    expect(await backUp(root)).toMatchObject({ code: 5, stderr: expect.stringContaining('no data') as string });
    const { config } = await served(root);
    const inside = await runCommand('backup', join(config.data, 'backups'), '--data', config.data);
    expect(inside).toMatchObject({ code: 2, stderr: expect.stringContaining('outside the data directory') as string });
    const store = await openLocalStore({ directory: config.data });
    onTestFinished(() => store.close());
    const lease = { owner: 'other', expiresAt: Date.now() + 60_000 };
    const write = { table: 'backupLeases', key: keys.backupLeases(), put: lease } as const;
    await store.metadata.commit({ expectations: [], writes: [write] });
    expect(await backUp(root)).toMatchObject({ code: 4, stderr: expect.stringContaining('Another backup') as string });
  });

  it('is compared with its checksums, and says what is not as it was', async () => {
    const root = await temporaryDirectory();
    const { server } = await served(root);
    const session = await sessionOf(server, secretOf(server));
    const bucketId = await session.createBucket('bucket-one');
    await session.upload(bucketId, 'large', Buffer.alloc(100_000, 'large'));
    const path = (await backUp(root)).stdout.trim();
    expect(await runCommand('backup', '--check', path)).toMatchObject({ code: 0, stdout: '' });
    await writeFile(join(path, 'metadata/data.mdb'), 'nothing');
    const checked = await backUp(root, '--check');
    expect(checked).toMatchObject({ code: 1, stdout: 'other length  metadata/data.mdb\n' });
    expect(checked.stderr).toContain('1 files are not as they should be');
    expect(await restore(root, 'again')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('is not what it was') as string,
    });
  });
});

describe('a backup that is verified', () => {
  async function backedUp() {
    const root = await temporaryDirectory();
    const { server } = await served(root);
    const session = await sessionOf(server, secretOf(server));
    const bucketId = await session.createBucket('bucket-one');
    await session.upload(bucketId, 'small', Buffer.from('small'));
    await session.upload(bucketId, 'large', Buffer.alloc(100_000, 'large'));
    const path = (await backUp(root)).stdout.trim();
    await server.close(0);
    const verify = () => runCommand('verify', '--data', path, '--keys', join(root, 'keys'));
    return { path, verify };
  }

  it('is whole, and nothing of it changes', async () => {
    const { path, verify } = await backedUp();
    const before = await treeSnapshot(path);
    expect(await verify()).toMatchObject({ code: 0, stdout: '' });
    expect(await treeSnapshot(path)).toEqual(before);
    expect(await runCommand('backup', '--check', path)).toMatchObject({ code: 0 });
  });

  it('shows the file whose blob is damaged', async () => {
    const { path, verify } = await backedUp();
    const entries = await readdir(join(path, 'blobs'), { recursive: true, withFileTypes: true });
    const blob = entries.find(({ name }) => /^[0-9a-f]{32}$/.test(name))!;
    await writeFile(join(blob.parentPath, blob.name), 'nothing');
    expect(await verify()).toMatchObject({ code: 7, stdout: expect.stringContaining('large') as string });
  });
});

describe('a restore that was interrupted', () => {
  it('is refused by the server and completed by the command', async () => {
    const root = await temporaryDirectory();
    const { server } = await served(root);
    const secret = secretOf(server);
    const session = await sessionOf(server, secret);
    const bucketId = await session.createBucket('bucket-one');
    await session.upload(bucketId, 'large', Buffer.alloc(100_000, 'large'));
    const path = (await backUp(root)).stdout.trim();
    await server.close(0);
    const whole = join(root, 'whole');
    await cp(path, whole, { recursive: true });
    await rm(join(path, 'metadata/data.mdb'));
    expect((await restore(root, 'again')).code).toBe(5);
    await expect(served(root, 'again')).rejects.toMatchObject({
      code: 'data',
      message: expect.stringContaining('was interrupted') as string,
    });
    const doctor = await runCommand('doctor', '--data', join(root, 'again'), '--keys', join(root, 'keys'));
    expect(doctor).toMatchObject({ code: 1, stdout: expect.stringContaining('was interrupted') as string });
    await cp(whole, path, { recursive: true });
    expect((await restore(root, 'again')).code).toBe(0);
    const { server: again } = await served(root, 'again');
    expect((await (await sessionOf(again, secret)).download('bucket-one', 'large')).status).toBe(200);
    expect(await restore(root, 'again')).toMatchObject({ code: 4 });
  });

  it('needs an empty place', async () => {
    const root = await temporaryDirectory();
    await served(root);
    await backUp(root);
    await writeFile(join(root, 'backups', 'notes.txt'), 'not ours');
    const refused = await runCommand('restore', join(root, 'backups'), '--data', join(root, 'backups'));
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('is not empty') as string });
  });
});
