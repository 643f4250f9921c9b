import { keys, tableNames, type MetadataStore, type TableName } from '@coffer/storage-ports';
import { expect } from 'vitest';
import type { ContractTests } from './contract-test.ts';
import type { MetadataFixture } from './contract-test.ts';
import { inCase } from './in-case.ts';
import { key, put, write } from './metadata-steps.ts';
import { sameBytes } from './same-bytes.ts';
import { sampleFileVersion, sampleRecords } from './sample-records.ts';

/** What is put comes back equal, as the caller's own copy. */
export function recordTests(tests: ContractTests<MetadataStore, MetadataFixture>): void {
  tests.test('a key that was never written is undefined in every table', async (store) => {
    for (const table of tableNames)
      await inCase(`table ${table}`, async () => {
        expect(await store.get(table, key('a'))).toBeUndefined();
      });
  });

  tests.test('a record of every table comes back equal, by get and by scan', async (store) => {
    await write(store, ...tableNames.map((table) => put(table, key('a'), sampleRecords[table])));
    for (const table of tableNames) await inCase(`table ${table}`, () => expectRecord(store, table));
  });

  tests.test('tables do not share keys', async (store) => {
    await write(store, put('counters', key('a'), { last: 1 }), put('partEpochs', key('a'), { partNumber: 2 }));
    expect((await store.get('counters', key('a')))?.value).toEqual({ last: 1 });
    expect((await store.get('partEpochs', key('a')))?.value).toEqual({ partNumber: 2 });
    expect(await store.get('accounts', key('a'))).toBeUndefined();
  });

  tests.test('bytes come back as plain byte arrays over memory of their own', async (store) => {
    const record = { globalKeyId: 'g', mac: Buffer.from([1, 2, 3]) };
    await write(store, put('keyringCanary', key('a'), record), put('inlineBlobs', key('a'), Buffer.from([4, 5])));
    const mac = (await store.get('keyringCanary', key('a')))?.value.mac;
    const inline = (await store.get('inlineBlobs', key('a')))?.value;
    expect(mac).toStrictEqual(Uint8Array.of(1, 2, 3));
    expect(inline).toStrictEqual(Uint8Array.of(4, 5));
    expect([mac?.buffer.byteLength, inline?.buffer.byteLength]).toEqual([3, 2]);
  });

  tests.test(
    'what is put is copied: changing it afterwards, or while the commit is under way, changes nothing',
    async (store) => {
      const record = { globalKeyId: 'g', mac: Uint8Array.of(1, 2) };
      const inline = Uint8Array.of(3, 4);
      const at = key('a');
      const done = write(store, put('keyringCanary', at, record), put('inlineBlobs', at, inline));
      record.mac.fill(9);
      inline.fill(9);
      at.fill(0x7a);
      await done;
      expect((await store.get('keyringCanary', key('a')))?.value.mac).toEqual(Uint8Array.of(1, 2));
      expect((await store.get('inlineBlobs', key('a')))?.value).toEqual(Uint8Array.of(3, 4));
    },
  );

  tests.test('what is read is the caller’s own copy', async (store) => {
    await write(store, put('inlineBlobs', key('a'), Uint8Array.of(1, 2)));
    (await store.get('inlineBlobs', key('a')))?.value.fill(9);
    for (const row of await store.scan('inlineBlobs', { start: key('a'), end: undefined, limit: 1 })) {
      row.value.fill(9);
      row.key.fill(9);
    }
    expect((await store.get('inlineBlobs', key('a')))?.value).toEqual(Uint8Array.of(1, 2));
  });

  tests.test('keys have up to 1,400 bytes, which the longest file name fits', async (store) => {
    const longest = new Uint8Array(1_400).fill(0xff);
    await write(store, put('counters', longest, { last: 1 }));
    expect((await store.get('counters', longest))?.value).toEqual({ last: 1 });
    const name = '\u{10ffff}'.repeat(256);
    const at = keys.fileVersions(sampleFileVersion.bucketId, name, 1, 'f'.repeat(200));
    expect(at.length).toBeLessThanOrEqual(1_400);
    await write(store, put('fileVersions', at, { ...sampleFileVersion, name }));
    expect((await store.get('fileVersions', at))?.value.name).toBe(name);
  });

  tests.test('an empty or longer key is refused, as a mistake of the caller', async (store) => {
    for (const wrong of [new Uint8Array(0), new Uint8Array(1_401)])
      await inCase(`a key of ${wrong.length} bytes`, async () => {
        await expect(store.get('counters', wrong)).rejects.toThrow(RangeError);
        await expect(write(store, put('counters', wrong, { last: 1 }))).rejects.toThrow(RangeError);
      });
  });

  tests.test('inline blobs of 0 bytes and of many times 64 KiB', async (store) => {
    for (const length of [0, 1, 65_535, 65_536, 65_537, 1_000_000])
      await inCase(`${length} bytes`, async () => {
        const content = new Uint8Array(length).fill(length & 0xff);
        await write(store, put('inlineBlobs', key('a'), content));
        expect(sameBytes((await store.get('inlineBlobs', key('a')))?.value, content)).toBe(true);
      });
  });
}

async function expectRecord(store: MetadataStore, table: TableName): Promise<void> {
  const found = await store.get(table, key('a'));
  expect(found?.value).toStrictEqual(sampleRecords[table]);
  const rows = await store.scan(table, { start: new Uint8Array(0), end: undefined, limit: 10 });
  expect(rows).toStrictEqual([{ key: key('a'), ...found }]);
}
