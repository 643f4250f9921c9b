import type { MetadataStore, TableName, Tables } from '@coffer/storage-ports';

/** Tables whose records say, with a proof, which account they belong to. */
const ownedTables: ReadonlySet<TableName> = new Set<TableName>(['accounts', 'applicationKeys', 'buckets']);

/**
 * The metadata store as one account sees it: records of other accounts are missing when they are looked up. A file
 * version belongs to the account of its bucket. Rows of scans are not left out, because whoever scans says whose rows
 * are wanted, or looks the bucket up first.
 *
 * An operation that relies on such a record being absent cannot be committed. None does: what is missing is refused
 * before anything is written, and new records get ids that nobody has.
 */
export function metadataOfAccount(metadata: MetadataStore, accountId: string): MetadataStore {
  return {
    get: async (table, key) => {
      const stored = await metadata.get(table, key);
      if (stored === undefined) return undefined;
      const owner = await ownerOf(metadata, table, key, stored.value);
      return owner === undefined || owner === accountId ? stored : undefined;
    },
    scan: (table, options) => metadata.scan(table, options),
    commit: (commit) => metadata.commit(commit),
    close: () => metadata.close(),
  };
}

/** The account that a record belongs to; undefined for a record that belongs to no account by itself. */
async function ownerOf(
  metadata: MetadataStore,
  table: TableName,
  key: Uint8Array,
  record: Tables[TableName],
): Promise<string | undefined> {
  // The account in a version's record is not sealed. The place where the record is found says of which bucket it is,
  // and whoever reads the record checks that it belongs there.
  if (table === 'fileVersions') return (await metadata.get('buckets', bucketKeyIn(key)))?.value.accountId;
  // Every record of these tables has this member; the compiler does not connect table and record here.
  return ownedTables.has(table) ? (record as Tables['buckets']).accountId : undefined;
}

/** The key of a bucket is the first component, closed by two bytes, of the keys of its versions. */
function bucketKeyIn(versionKey: Uint8Array): Uint8Array {
  return versionKey.slice(0, versionKey.indexOf(0) + 2);
}
