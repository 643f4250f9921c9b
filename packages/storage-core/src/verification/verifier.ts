import {
  afterKey,
  keys,
  prefixRange,
  recordKey,
  type FileVersionRecord,
  type PartRecord,
  type TableName,
} from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { withoutDiscarded } from '../records/file-parts.ts';
import type { VerificationCounts, VerificationOptions } from '../services/verification.ts';
import { FileKeys } from './file-keys.ts';
import { Pace } from './pace.ts';
import { RowReader, keyOf } from './row-reader.ts';

const partsPerPage = 200;

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

export const noCounts: VerificationCounts = {
  rows: 0,
  references: 0,
  blobs: 0,
  bytes: 0,
  withoutKey: 0,
  unsettled: 0,
  damaged: 0,
  orphans: 0,
};

/** What the checks of one run work with. */
export class Verifier {
  readonly core: Core;
  readonly rows: RowReader;
  readonly fileKeys: FileKeys;
  readonly pace: Pace;
  readonly signal: AbortSignal | undefined;
  /** The tables that the run looks at. */
  readonly tables: ReadonlySet<TableName>;
  readonly counts: Mutable<VerificationCounts>;

  constructor(
    core: Core,
    tables: ReadonlySet<TableName>,
    { customerKeys = [], bytesPerSecond, signal, from }: VerificationOptions,
  ) {
    this.core = core;
    this.tables = tables;
    this.rows = new RowReader(core.unproven);
    this.fileKeys = new FileKeys(core, customerKeys);
    this.pace = new Pace(bytesPerSecond, signal);
    this.signal = signal;
    this.counts = { ...noCounts, ...from?.counts };
  }

  /** The version with this id, wherever its id says that it is. @throws DamagedRow. */
  async version(fileId: string): Promise<FileVersionRecord | undefined> {
    const place = await this.rows.get('fileIds', keys.fileIds(fileId));
    if (place === undefined) return undefined;
    return this.rows.get('fileVersions', keys.fileVersions(place.bucketId, place.name, place.uploadTimestamp, fileId));
  }

  /** The parts that a finished large file is made up of, ascending. @throws DamagedRow. */
  async finishedParts(fileId: string): Promise<readonly PartRecord[]> {
    // Read before the parts: once the row is gone, so are the parts that it names.
    const pending = await this.rows.get('pendingDeletions', keys.pendingDeletions(fileId));
    const parts = await this.#parts(fileId);
    return pending?.kind === 'discarded' ? withoutDiscarded(parts, pending.partNumbers) : parts;
  }

  async #parts(fileId: string): Promise<readonly PartRecord[]> {
    const parts: PartRecord[] = [];
    let range = prefixRange(recordKey(fileId));
    for (;;) {
      const rows = await this.rows.page('parts', range, partsPerPage);
      for (const row of rows) {
        if ('damaged' in row) throw row.damaged;
        parts.push(row.value);
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < partsPerPage) return parts;
      range = { ...range, start: afterKey(keyOf(last)) };
    }
  }
}
