import { keys } from '@coffer/storage-ports';
import { describe, expect, test } from 'vitest';
import { createFixture, startTime, type Fixture } from '../../test/fixture.ts';
import { newSnapshot } from '../../test/new-snapshot.ts';

const everything = { start: new Uint8Array(0), end: undefined, limit: 10_000 };
const items = [{ kind: 'folder', prefix: '' }] as const;
const limits = { active: 3, ended: 2 };
const idOf = (number: number) => number.toString(16).padStart(32, '0');

async function add(fixture: Fixture, number: number): Promise<string> {
  const snapshotId = idOf(number);
  await fixture.storage.snapshots.add(newSnapshot(fixture.bucket, { snapshotId }), items, limits);
  return snapshotId;
}

async function end({ storage, accountId }: Fixture, snapshotId: string): Promise<void> {
  await storage.snapshots.change(accountId, snapshotId, (snapshot) => ({
    snapshot: { ...snapshot, state: 'done', endedAt: startTime },
  }));
}

async function queued({ storage }: Fixture): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { snapshotId } of storage.snapshots.queued()) ids.push(snapshotId);
  return ids;
}

async function listed({ storage, accountId }: Fixture, before?: string): Promise<readonly string[]> {
  const query = { accountId, ...(before !== undefined && { before }), limit: 2 };
  return (await storage.snapshots.list(query)).map(({ snapshotId }) => snapshotId);
}

describe('records of snapshots', () => {
  test('are listed newest first, and wait in the order of their ids', async () => {
    const fixture = await createFixture();
    for (const number of [1, 2, 3]) await add(fixture, number);
    expect(await listed(fixture)).toEqual([idOf(3), idOf(2)]);
    expect(await listed(fixture, idOf(2))).toEqual([idOf(1)]);
    expect(await queued(fixture)).toEqual([1, 2, 3].map(idOf));
    expect(await fixture.storage.snapshots.items(idOf(2))).toEqual(items);
    expect(await fixture.storage.snapshots.items(idOf(9))).toBeUndefined();
  });

  test('that are not made are limited in number, and the oldest that have ended and were settled are forgotten', async () => {
    const fixture = await createFixture();
    const { storage, accountId } = fixture;
    for (const number of [1, 2, 3]) await add(fixture, number);
    await expect(add(fixture, 4)).rejects.toMatchObject({ code: 'too_many_snapshots', details: { limit: 3 } });
    for (const number of [1, 2, 3]) await end(fixture, idOf(number));
    await add(fixture, 4);
    expect(await storage.snapshots.get(accountId, idOf(1))).toBeDefined();
    await storage.snapshots.settle(accountId, idOf(1));
    await add(fixture, 5);
    expect(await storage.snapshots.get(accountId, idOf(1))).toBeUndefined();
    expect(await storage.snapshots.get(accountId, idOf(2))).toBeDefined();
  });

  test('are recorded once for each request, and refused for the id of another', async () => {
    const fixture = await createFixture();
    const { storage, accountId, bucket } = fixture;
    const request = { id: 'one', digest: 'a'.repeat(64) };
    const asked = (number: number, changes: object = {}) =>
      storage.snapshots.add(newSnapshot(bucket, { snapshotId: idOf(number), request, ...changes }), items, limits);
    expect(await storage.snapshots.ofRequest(accountId, request)).toBeUndefined();
    // At the same time, too.
    const both = await Promise.all([asked(1), asked(2)]);
    expect(both[1]).toEqual(both[0]);
    const { snapshotId } = both[0];
    expect(await queued(fixture)).toEqual([snapshotId]);
    expect(await listed(fixture)).toEqual([snapshotId]);
    expect(await storage.snapshots.ofRequest(accountId, request)).toEqual(both[0]);
    const other = { id: 'one', digest: 'b'.repeat(64) };
    const refused = { code: 'request_id_taken', details: { requestId: 'one' } };
    await expect(asked(3, { request: other })).rejects.toMatchObject(refused);
    await expect(storage.snapshots.ofRequest(accountId, other)).rejects.toMatchObject(refused);
    // Also where no more are taken, and when it has ended.
    for (const number of [4, 5]) await add(fixture, number);
    expect(await asked(6)).toEqual(both[0]);
    await end(fixture, snapshotId);
    expect(await asked(7)).toMatchObject({ snapshotId, state: 'done' });
    // Ids of an account mean nothing to another.
    const second = (await storage.accounts.create({ name: 'second' })).accountId;
    expect(await storage.snapshots.ofRequest(second, other)).toBeUndefined();
    expect(await asked(8, { accountId: second })).toMatchObject({ snapshotId: idOf(8), accountId: second });
    expect(await queued(fixture)).toEqual([snapshotId, ...[4, 5, 8].map(idOf)]);
  });

  test('are forgotten once they have ended and were settled', async () => {
    const fixture = await createFixture();
    const { storage, accountId } = fixture;
    const snapshotId = await add(fixture, 1);
    expect(await storage.snapshots.forget(accountId, snapshotId)).toBe(false);
    await end(fixture, snapshotId);
    expect(await storage.snapshots.forget(accountId, snapshotId)).toBe(false);
    await storage.snapshots.settle(accountId, snapshotId);
    expect(await storage.snapshots.forget('another', snapshotId)).toBe(true);
    expect(await storage.snapshots.get(accountId, snapshotId)).toBeDefined();
    expect(await storage.snapshots.forget(accountId, snapshotId)).toBe(true);
    expect(await storage.snapshots.get(accountId, snapshotId)).toBeUndefined();
    expect(await storage.snapshots.forget(accountId, 'none/at all')).toBe(true);
  });

  test('get rows of files with the change that counts them', async () => {
    const fixture = await createFixture();
    const { storage, accountId } = fixture;
    const snapshotId = await add(fixture, 1);
    const file = (number: number) => ({ fileId: `f${number}`, name: `n${number}`, size: number });
    for (const number of [1, 3])
      await storage.snapshots.change(accountId, snapshotId, (snapshot) => ({
        snapshot: { ...snapshot, listing: { rows: snapshot.listing.rows + 2, next: null } },
        files: [[file(number)], [file(number + 1)]],
      }));
    const found: unknown[] = [];
    for await (const files of storage.snapshots.files(snapshotId)) found.push(...files);
    expect(found).toEqual([1, 2, 3, 4].map(file));
  });

  test('are left as they are where a change is none, and of others there is nothing', async () => {
    const fixture = await createFixture();
    const { storage, accountId } = fixture;
    const snapshotId = await add(fixture, 1);
    const before = await storage.snapshots.get(accountId, snapshotId);
    expect(await storage.snapshots.change(accountId, snapshotId, () => null)).toEqual(before);
    for (const [account, id] of [
      ['f'.repeat(12), snapshotId],
      [accountId, idOf(2)],
      [accountId, ''],
    ] as const) {
      expect(await storage.snapshots.get(account, id)).toBeUndefined();
      expect(await storage.snapshots.change(account, id, (snapshot) => ({ snapshot }))).toBeUndefined();
    }
  });

  test('lose what they are made of when they are settled, and not before they have ended', async () => {
    const fixture = await createFixture();
    const { storage, accountId, metadata } = fixture;
    const snapshotId = await add(fixture, 1);
    const files = Array.from({ length: 250 }, (_, number) => [{ fileId: `f${number}`, name: 'n', size: 0 }]);
    await storage.snapshots.change(accountId, snapshotId, (snapshot) => ({
      snapshot: { ...snapshot, listing: { rows: 250, next: null } },
      files,
    }));
    await storage.snapshots.settle(accountId, snapshotId);
    expect(await metadata.scan('snapshotContents', everything)).toHaveLength(251);
    await end(fixture, snapshotId);
    await storage.snapshots.settle(accountId, snapshotId);
    expect(await metadata.scan('snapshotContents', everything)).toEqual([]);
    expect(await queued(fixture)).toEqual([]);
    await storage.snapshots.settle(accountId, snapshotId);
  });

  test('are not believed without their proof', async () => {
    const fixture = await createFixture();
    const { storage, accountId, metadata } = fixture;
    const snapshotId = await add(fixture, 1);
    const key = keys.snapshots(accountId, snapshotId);
    const stored = await metadata.get('snapshots', key);
    const put = { ...stored!.value, bucketId: 'f'.repeat(24) };
    await metadata.commit({ expectations: [], writes: [{ table: 'snapshots', key, put }] });
    await expect(storage.snapshots.get(accountId, snapshotId)).rejects.toMatchObject({ code: 'record_damaged' });
  });
});
