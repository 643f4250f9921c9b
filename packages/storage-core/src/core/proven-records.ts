import type {
  MetadataStore,
  RecordProof,
  Row,
  ScanOptions,
  Stored,
  TableName,
  Tables,
  Write,
} from '@coffer/storage-ports';
import {
  EnvelopeError,
  accessMac,
  verifyAccessMac,
  type AccessRecord,
  type AccessValue,
  type KeyProvider,
} from '@coffer/envelope-crypto';
import { failures } from './failures.ts';

/** Tables whose records decide who may do what, or where something goes: none is believed without its proof. */
const provenTables: ReadonlySet<TableName> = new Set<TableName>([
  'accounts',
  'applicationKeys',
  'buckets',
  'bucketNames',
  'notificationRules',
  'snapshots',
]);

/**
 * From a record that the store gave out, and whose proof was checked, to the same record without its proof. The store
 * gives out the same object as long as the row has not changed.
 */
type Checked = WeakMap<object, object>;

/**
 * The metadata store in which records of access are written with a proof, made with the active global key, and read
 * only if their proof is right: so this process, or another one with the same keys, has written every record that it
 * returns. The proof itself is not returned.
 *
 * @throws StorageError `record_damaged` from reads, for a record whose proof is wrong; `storage_unavailable` if its key
 * is not at hand.
 */
export function provenMetadata(metadata: MetadataStore, keys: KeyProvider): MetadataStore {
  const checked: Checked = new WeakMap();
  return {
    get: (table, key) =>
      provenTables.has(table) ? getProven(metadata, keys, checked, table, key) : metadata.get(table, key),
    scan: (table, options) =>
      provenTables.has(table) ? scanProven(metadata, keys, checked, table, options) : metadata.scan(table, options),
    commit: async ({ expectations, writes }) => {
      const proven = writes.some(needsProof)
        ? await Promise.all(writes.map((write) => withProof(keys, write)))
        : writes;
      await metadata.commit({ expectations, writes: proven });
    },
    close: () => metadata.close(),
  };
}

/**
 * Checks that a record is the one that was written to this place. Records of tables without proofs are not checked.
 *
 * @throws StorageError as {@link provenMetadata}.
 */
export async function requireProof(
  keys: KeyProvider,
  table: TableName,
  key: Uint8Array,
  record: object,
): Promise<void> {
  if (!provenTables.has(table)) return;
  const { proof, ...value } = record as { readonly proof?: RecordProof } & { readonly [name: string]: AccessValue };
  if (proof === undefined) throw failures.recordDamaged(table, key);
  try {
    await verifyAccessMac(keys, { table, key, globalKeyId: proof.globalKeyId, value }, proof.mac);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    throw error.code === 'unknown_key' ? failures.keyUnavailable(error) : failures.recordDamaged(table, key, error);
  }
}

async function getProven<Name extends TableName>(
  metadata: MetadataStore,
  keys: KeyProvider,
  checked: Checked,
  table: Name,
  key: Uint8Array,
): Promise<Stored<Tables[Name]> | undefined> {
  const stored = await metadata.get(table, key);
  return stored && { value: await provenRecord(keys, checked, table, key, stored.value), version: stored.version };
}

async function scanProven<Name extends TableName>(
  metadata: MetadataStore,
  keys: KeyProvider,
  checked: Checked,
  table: Name,
  options: ScanOptions,
): Promise<readonly Row<Tables[Name]>[]> {
  const rows: Row<Tables[Name]>[] = [];
  for (const { key, value, version } of await metadata.scan(table, options))
    rows.push({ key, value: await provenRecord(keys, checked, table, key, value), version });
  return rows;
}

async function provenRecord<Name extends TableName>(
  keys: KeyProvider,
  checked: Checked,
  table: Name,
  key: Uint8Array,
  stored: Tables[Name],
): Promise<Tables[Name]> {
  const known = checked.get(stored);
  if (known !== undefined) return known as Tables[Name];
  await requireProof(keys, table, key, stored);
  const { proof: _, ...record } = stored as { readonly proof?: RecordProof };
  checked.set(stored, record);
  return record as Tables[Name];
}

function needsProof(write: Write): write is Extract<Write, { put: unknown }> {
  return provenTables.has(write.table) && 'put' in write;
}

async function withProof(keys: KeyProvider, write: Write): Promise<Write> {
  if (!needsProof(write)) return write;
  const { proof: _, ...value } = write.put as { readonly proof?: RecordProof } & {
    readonly [name: string]: AccessValue;
  };
  const globalKeyId = await keys.activeKeyId();
  const record: AccessRecord = { table: write.table, key: write.key, globalKeyId, value };
  const proof: RecordProof = { globalKeyId, mac: await accessMac(keys, record) };
  // The union is indexed by table; the compiler does not follow it through the change.
  return { ...write, put: { ...value, proof } } as unknown as Write;
}
