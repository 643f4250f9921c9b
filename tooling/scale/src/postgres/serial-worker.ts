// A process that makes random commits in the store that its arguments name, and sends what each acknowledged one read
// and wrote. Arguments: URL, schema, isolation, number of the worker, milliseconds.
import { StoreError, recordKey, type Expectation, type Write } from '@coffer/storage-ports';
import { openPostgresStore } from '@coffer/store-postgres';
import type { AcknowledgedCommit } from './serial-order.ts';

const [url = '', schema = '', isolation, worker = '0', milliseconds = '1000'] = process.argv.slice(2);
const store = await openPostgresStore({
  url,
  schema,
  isolation: isolation === 'serializable' ? 'serializable' : 'read committed',
  connections: 4,
  operationLimit: 60_000,
});

const keyCount = 8;
const groups = 400;
const until = Date.now() + Number(milliseconds);
let commits = 0;
let conflicts = 0;

const below = (limit: number): number => Math.floor(Math.random() * limit);

/** Reads some keys, and writes some of them, expecting what was read. */
async function readsAndWrites(id: number): Promise<void> {
  const names = new Set(Array.from({ length: 1 + below(4) }, () => `k${below(keyCount)}`));
  const reads: [string, number][] = [];
  const expectations: Expectation[] = [];
  const writes: Write[] = [];
  const written: string[] = [];
  for (const name of names) {
    const key = recordKey(name);
    const found = await store.get('counters', key);
    reads.push([name, found?.value.last ?? 0]);
    expectations.push(
      found === undefined
        ? { table: 'counters', key, is: 'absent' }
        : { table: 'counters', key, version: found.version },
    );
    // Whoever reads two and writes one makes the pairs that a weaker isolation lets through.
    if (Math.random() < 0.5) {
      writes.push({ table: 'counters', key, put: { last: id } });
      written.push(name);
    }
  }
  await finish(id, { reads, writes: written }, expectations, writes);
}

/** Takes a group as the first one, or adds to it, expecting of another that it is empty. */
async function emptyGroups(id: number): Promise<void> {
  const near = Math.floor((groups * (Number(milliseconds) - (until - Date.now()))) / Number(milliseconds));
  const [seen, own] = [`g${near + below(2)}`, `g${near + below(2)}`];
  const member = below(3);
  const name = `${own}/${member}`;
  const key = recordKey(own, member);
  const expectations: Expectation[] = [
    { table: 'counters', emptyPrefix: recordKey(seen) },
    { table: 'counters', key, is: 'absent' },
  ];
  const reads: [string, number][] = [0, 1, 2].map((at) => [`${seen}/${at}`, 0]);
  if (seen !== own) reads.push([name, 0]);
  await finish(id, { reads, writes: [name] }, expectations, [{ table: 'counters', key, put: { last: id } }]);
}

async function finish(
  id: number,
  { reads, writes: written }: Pick<AcknowledgedCommit, 'reads' | 'writes'>,
  expectations: readonly Expectation[],
  writes: readonly Write[],
): Promise<void> {
  try {
    await store.commit({ expectations, writes });
    commits++;
    process.send?.({ id, reads, writes: written } satisfies AcknowledgedCommit);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'conflict') throw error;
    conflicts++;
  }
}

let next = 1;
async function loop(): Promise<void> {
  while (Date.now() < until) {
    const id = (Number(worker) + 1) * 10_000_000 + next++;
    await (Math.random() < 0.6 ? readsAndWrites(id) : emptyGroups(id));
  }
}

await Promise.all([loop(), loop(), loop()]);
await store.close();
process.send?.({ commits, conflicts });
process.disconnect();
