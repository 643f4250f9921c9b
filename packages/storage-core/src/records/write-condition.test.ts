import { describe, expect, test } from 'vitest';
import { streamOf } from '@coffer/bytes';
import {
  bodyOf,
  createFixture,
  customer,
  newFile,
  readBack,
  sampleBytes,
  sha1Of,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';
import type { FileVersion, WriteCondition } from '../services/storage.ts';

const absent: WriteCondition = { current: 'absent' };
const present: WriteCondition = { current: 'present' };
const data = sampleBytes(20, 1);

async function tagOf({ storage }: Fixture, version: FileVersion): Promise<string> {
  const [tag] = await storage.reads.entityTags([version]);
  return tag!;
}

/** Each way to make a visible version of `a`. */
const writes = {
  upload: (fixture: Fixture, condition: WriteCondition) => uploadTo(fixture, 'a', data, { condition }),
  copy: async (fixture: Fixture, condition: WriteCondition) => {
    const { fileId } = await uploadTo(fixture, 'source', data);
    return fixture.storage.copies.copyFile({ source: { fileId }, name: 'a', condition });
  },
  finish: async ({ storage, bucket }: Fixture, condition: WriteCondition) => {
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'a'));
    const parts = [sampleBytes(100), sampleBytes(10)];
    for (const [index, part] of parts.entries())
      await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1 }, bodyOf(part));
    return storage.largeFiles.finish(fileId, parts.map(sha1Of), { condition });
  },
} as const;

describe.each(Object.entries(writes))('a condition of %s', (_, write) => {
  test('that the name is absent holds for a name without versions, and for a hidden one', async () => {
    const fixture = await createFixture();
    await write(fixture, absent);
    await expect(write(fixture, absent)).rejects.toMatchObject({
      code: 'condition_failed',
      details: { found: 'present' },
    });
    await fixture.storage.files.hide(fixture.bucket.bucketId, 'a');
    await write(fixture, absent);
  });

  test('that a version is current holds for that version only', async () => {
    const fixture = await createFixture();
    const first = await uploadTo(fixture, 'a', sampleBytes(5));
    const condition = { current: 'tagged', entityTag: await tagOf(fixture, first) } as const;
    await write(fixture, condition);
    await expect(write(fixture, condition)).rejects.toMatchObject({ details: { found: 'present' } });
    await fixture.storage.files.hide(fixture.bucket.bucketId, 'a');
    await expect(write(fixture, condition)).rejects.toMatchObject({
      code: 'condition_failed',
      details: { found: 'absent' },
    });
  });

  test('that the name is present holds for a name whose current version is no hide marker', async () => {
    const fixture = await createFixture();
    const absentNow = { code: 'condition_failed', details: { found: 'absent' } };
    await expect(write(fixture, present)).rejects.toMatchObject(absentNow);
    await uploadTo(fixture, 'a', sampleBytes(5));
    await write(fixture, present);
    await fixture.storage.files.hide(fixture.bucket.bucketId, 'a');
    await expect(write(fixture, present)).rejects.toMatchObject(absentNow);
  });

  test('is met by one of many writers at once, and what the others brought is gone', async () => {
    const fixture = await createFixture();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => write(fixture, absent)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'condition_failed' });
    const { rows } = await fixture.storage.listings.versions({
      bucketId: fixture.bucket.bucketId,
      startName: 'a',
      prefix: 'a',
      limit: 100,
    });
    const uploads = rows.filter((row) => row.kind === 'version' && row.version.action === 'upload');
    expect(uploads).toHaveLength(1);
  });
});

test('a condition of finishing does not hold where the file would come behind what is current', async () => {
  const fixture = await createFixture();
  const { storage, bucket } = fixture;
  const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'a'));
  const parts = [sampleBytes(100), sampleBytes(10)];
  for (const [index, part] of parts.entries())
    await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1 }, bodyOf(part));
  const finish = (condition: WriteCondition) => storage.largeFiles.finish(fileId, parts.map(sha1Of), { condition });
  const conflict = { code: 'condition_failed', details: { found: 'newer' } };
  await uploadTo(fixture, 'a', data);
  await expect(finish(present)).rejects.toMatchObject(conflict);
  await storage.files.hide(bucket.bucketId, 'a');
  await expect(finish(absent)).rejects.toMatchObject(conflict);
  await expect(storage.largeFiles.get(fileId)).resolves.toMatchObject({ action: 'start' });
});

test('a condition that does not hold is told before a byte of the data is read', async () => {
  const fixture = await createFixture();
  await uploadTo(fixture, 'a', data);
  let pulled = false;
  const stream = (async function* () {
    pulled = true;
    yield* streamOf(data);
  })();
  const file = newFile(fixture.bucket.bucketId, 'a', { condition: absent });
  const content = bodyOf(data, { body: { stream, length: data.length } });
  await expect(fixture.storage.files.upload(file, content)).rejects.toMatchObject({ code: 'condition_failed' });
  expect(pulled).toBe(false);
});

describe('a condition of hiding', () => {
  test('holds for the version that is current when the hide marker is made', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const hide = (condition: WriteCondition) =>
      storage.files.hide(bucket.bucketId, 'a', { evenIfAbsent: true, condition });
    const refusals = { absent: { details: { found: 'absent' } }, present: { details: { found: 'present' } } };
    await expect(hide(present)).rejects.toMatchObject(refusals.absent);
    const first = await uploadTo(fixture, 'a', data);
    await uploadTo(fixture, 'a', sampleBytes(5));
    await expect(hide(absent)).rejects.toMatchObject(refusals.present);
    const tagged = { current: 'tagged', entityTag: await tagOf(fixture, first) } as const;
    await expect(hide(tagged)).rejects.toMatchObject(refusals.present);
    await storage.files.hide(bucket.bucketId, 'a', { condition: present });
    await expect(hide(present)).rejects.toMatchObject(refusals.absent);
    await expect(hide(tagged)).rejects.toMatchObject(refusals.absent);
    expect(await hide(absent)).toMatchObject({ action: 'hide' });
  });

  test('lets one of many at once hide the version', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const condition = {
      current: 'tagged',
      entityTag: await tagOf(fixture, await uploadTo(fixture, 'a', data)),
    } as const;
    const hide = () => storage.files.hide(bucket.bucketId, 'a', { evenIfAbsent: true, condition });
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, hide));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

test('the tag of an SSE-C version is opaque, and a condition all the same', async () => {
  const fixture = await createFixture();
  const version = await uploadTo(fixture, 'a', data, { encryption: customer(1) });
  const condition = { current: 'tagged', entityTag: await tagOf(fixture, version) } as const;
  const next = await uploadTo(fixture, 'a', sampleBytes(3), { condition });
  expect(await readBack(fixture.storage, next)).toEqual(sampleBytes(3));
});
