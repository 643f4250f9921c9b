import {
  StoreError,
  type Expectation,
  type MetadataStore,
  type TableName,
  type Tables,
  type Write,
} from '@coffer/storage-ports';

/** UTF-8 bytes as a key. */
export const key = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The text of a key made by {@link key}. */
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const put = <Name extends TableName>(table: Name, at: Uint8Array, record: Tables[Name]): Write =>
  // The mapped type is a union over all tables; that name and record belong together is checked by the signature.
  ({ table, key: at, put: record }) as unknown as Write;

export const putCounter = (at: string, last: number): Write => put('counters', key(at), { last });

export const removeCounter = (at: string): Write => ({ table: 'counters', key: key(at), delete: true });

export const write = (store: MetadataStore, ...writes: readonly Write[]): Promise<void> =>
  store.commit({ expectations: [], writes });

export const counter = async (store: MetadataStore, at: string): Promise<number | undefined> =>
  (await store.get('counters', key(at)))?.value.last;

/** The version of a counter that must be there. */
export async function versionOf(store: MetadataStore, at: string): Promise<number> {
  const found = await store.get('counters', key(at));
  if (found === undefined) throw new Error(`No counter ${at}`);
  return found.version;
}

export const expectCounter = (at: string, is: 'absent' | 'present' | number): Expectation =>
  typeof is === 'number' ? { table: 'counters', key: key(at), version: is } : { table: 'counters', key: key(at), is };

/** Adds one to the counter `a`, so many times, each on top of what others have made of it. */
export async function increment(store: MetadataStore, times: number): Promise<void> {
  for (let done = 0; done < times;) {
    const found = await store.get('counters', key('a'));
    try {
      const writes = [putCounter('a', found!.value.last + 1)];
      await store.commit({ expectations: [expectCounter('a', found!.version)], writes });
      done++;
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'conflict') throw error;
    }
  }
}
