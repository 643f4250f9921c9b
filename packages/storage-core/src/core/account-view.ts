import { keys, type FileVersionRecord, type MetadataStore, type TableName } from '@coffer/storage-ports';

/** Tables whose records say which account they belong to. */
const ownedTables: ReadonlySet<TableName> = new Set<TableName>([
  'accounts',
  'applicationKeys',
  'buckets',
  'fileVersions',
]);

/**
 * The metadata store as one account sees it: records of other accounts are missing when they are looked up. Rows of
 * scans are not left out, because whoever scans says whose rows are wanted, or looks the bucket up first.
 *
 * An operation that relies on such a record being absent cannot be committed. None does: what is missing is refused
 * before anything is written, and new records get ids that nobody has.
 */
export function metadataOfAccount(metadata: MetadataStore, accountId: string): MetadataStore {
  const owns = (record: unknown): boolean => ownerOf(record) === accountId;
  return {
    get: async (table, key) => {
      const stored = await metadata.get(table, key);
      if (stored === undefined || !ownedTables.has(table)) return stored;
      if (!owns(stored.value)) return undefined;
      if (table !== 'fileVersions') return stored;
      // The account in a version's record is not sealed, but its bucket is, and that record has a proof.
      const { bucketId } = stored.value as FileVersionRecord;
      const bucket = await metadata.get('buckets', keys.buckets(bucketId));
      return bucket !== undefined && owns(bucket.value) ? stored : undefined;
    },
    scan: (table, options) => metadata.scan(table, options),
    commit: (commit) => metadata.commit(commit),
    close: () => metadata.close(),
  };
}

function ownerOf(record: unknown): string {
  // Every record of the tables above has this member; the compiler does not connect table and record here.
  return (record as { readonly accountId: string }).accountId;
}
