import { keys, type FileVersionRecord, type MetadataStore, type Write } from '@coffer/storage-ports';
import type { NamedVersions } from './bucket-shapes.ts';

/** Versions per commit: large enough that flushes do not matter, small enough for the store's transactions. */
const versionsPerCommit = 5_000;

/**
 * Puts versions into a bucket as uploads would leave them, all with the settings of `template`. Their ids and times
 * count up from the template's. Their records' seals are the template's, so they can be listed but not read.
 */
export async function loadVersions(
  metadata: MetadataStore,
  template: FileVersionRecord,
  names: Iterable<NamedVersions>,
): Promise<number> {
  let writes: Write[] = [];
  let loaded = 0;
  for (const { name, versions } of names) {
    for (let i = 0; i < versions; i++) {
      const version = versionLike(template, name, ++loaded);
      writes.push(...versionWrites(version));
      // The newest comes last.
      writes.push(...(i === versions - 1 ? nameWrites(version) : [supersededWrite(version)]));
      if (loaded % versionsPerCommit !== 0) continue;
      await metadata.commit({ expectations: [], writes });
      writes = [];
    }
  }
  await metadata.commit({ expectations: [], writes });
  return loaded;
}

function versionLike(template: FileVersionRecord, name: string, count: number): FileVersionRecord {
  const uploadTimestamp = template.uploadTimestamp + count;
  const time = uploadTimestamp.toString(16).padStart(11, '0');
  const fileId = template.fileId.replace(/(?<=_f1)[0-9a-f]{11}/, time);
  return { ...template, name, fileId, uploadTimestamp, committedAt: uploadTimestamp };
}

function versionWrites(version: FileVersionRecord): Write[] {
  const { bucketId, name, uploadTimestamp, fileId } = version;
  return [
    { table: 'fileVersions', key: keys.fileVersions(bucketId, name, uploadTimestamp, fileId), put: version },
    { table: 'fileIds', key: keys.fileIds(fileId), put: { bucketId, name, uploadTimestamp } },
  ];
}

function supersededWrite({ bucketId, name, uploadTimestamp, fileId }: FileVersionRecord): Write {
  const key = keys.supersededVersions(bucketId, name, uploadTimestamp, fileId);
  return { table: 'supersededVersions', key, put: { fileId, uploadTimestamp, hidden: false } };
}

function nameWrites({ bucketId, name, uploadTimestamp, fileId }: FileVersionRecord): Write[] {
  const head = { newestTimestamp: uploadTimestamp, current: { fileId, uploadTimestamp, hidden: false } };
  return [
    { table: 'nameHeads', key: keys.nameHeads(bucketId, name), put: head },
    { table: 'visibleNames', key: keys.visibleNames(bucketId, name), put: { fileId, uploadTimestamp } },
  ];
}
