import type { TableName, Tables } from '@coffer/storage-ports';

/** Records that nearly every request reads and that hardly ever change. */
const settingsTables: ReadonlySet<TableName> = new Set<TableName>([
  'applicationKeys',
  'bucketNames',
  'buckets',
  'notificationRules',
]);

/** Records kept at most; a key with all restrictions, or a bucket with all its rules, takes some 10 KiB. */
const limit = 1_000;

interface Decoded {
  readonly version: number;
  readonly value: Tables[TableName];
}

/**
 * The settings' records as they were last decoded. No two states of a record ever have the same version. So a record
 * that still has the version with which it was decoded has not changed, whichever process wrote it.
 */
export class DecodedSettings {
  readonly #known = new Map<string, Decoded>();

  /** The record of that version; `decode` makes it unless it is known. The caller must not change it. */
  valueOf<Name extends TableName>(
    table: Name,
    key: Uint8Array,
    version: number,
    decode: () => Tables[Name],
  ): Tables[Name] {
    if (!settingsTables.has(table)) return decode();
    const name = `${table}/${Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1')}`;
    const known = this.#known.get(name);
    if (known?.version === version) return known.value as Tables[Name];
    const value = decode();
    if (this.#known.size >= limit) this.#known.clear();
    this.#known.set(name, { version, value });
    return value;
  }
}
