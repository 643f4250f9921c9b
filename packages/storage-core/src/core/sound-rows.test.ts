import { expect, test } from 'vitest';
import { StoreError, compareKeys, keys, type MetadataStore, type Row } from '@coffer/storage-ports';
import { failures } from './failures.ts';
import { guardMetadata } from './guarded-ports.ts';
import { soundRowsOf } from './sound-rows.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const keyOf = (name: string) => keys.bucketNames(name);

/** Seven names, of which the store cannot decode some, and a reader does not believe others. */
function storeWith(undecodable: readonly string[], unbelieved: readonly string[]): MetadataStore {
  const rows = names.map((name) => ({ key: keyOf(name), value: { bucketId: name }, version: 1 }));
  const scan = ({ start, end, limit }: { start: Uint8Array; end: Uint8Array | undefined; limit: number }) => {
    const found = rows
      .filter(({ key }) => compareKeys(key, start) >= 0 && (end === undefined || compareKeys(key, end) < 0))
      .slice(0, limit);
    for (const { key, value } of found)
      if (undecodable.includes(value.bucketId))
        throw new StoreError('damaged', 'no', { row: { table: 'bucketNames', key } });
    for (const { key, value } of found)
      if (unbelieved.includes(value.bucketId)) throw failures.recordDamaged('bucketNames', key);
    return found;
  };
  return guardMetadata({
    scan: (_: unknown, range: Parameters<typeof scan>[0]) => Promise.resolve(scan(range)),
  } as never);
}

async function read(store: MetadataStore): Promise<string> {
  const told: string[] = [];
  for await (const row of soundRowsOf(store, 'bucketNames', { start: new Uint8Array(0), end: undefined })) {
    if ('unsound' in row) told.push(`!${names.find((name) => compareKeys(keyOf(name), row.key) === 0)!}`);
    else told.push((row as Row<{ bucketId: string }>).value.bucketId);
  }
  return told.join(' ');
}

test.each([
  [[], [], 'a b c d e f g'],
  [['d'], [], 'a b c !d e f g'],
  [[], ['d'], 'a b c !d e f g'],
  [['a', 'g'], [], '!a b c d e f !g'],
  [['f'], ['b', 'c'], 'a !b !c d e !f g'],
  [['b', 'c'], ['a', 'f', 'g'], '!a !b !c d e !f !g'],
  [names, [], '!a !b !c !d !e !f !g'],
])(
  'rows of which %j do not decode and %j do not hold are all told, in their order',
  async (undecodable, unbelieved, told) => {
    expect(await read(storeWith(undecodable, unbelieved))).toBe(told);
  },
);

test('what is not damage of a row ends the reading', async () => {
  const failing = guardMetadata({ scan: () => Promise.reject(new StoreError('io', 'no')) } as never);
  await expect(read(failing)).rejects.toMatchObject({ code: 'storage_unavailable' });
});
