import { decodeHex, encodeHex } from '@coffer/bytes';
import { afterKey, prefixRange, recordKey, textPrefixKey, type TableName } from '@coffer/storage-ports';
import type { KeyRange } from '../core/table-pages.ts';
import { DamagedRow, keyOf } from './row-reader.ts';
import type { Fault } from './findings.ts';
import { settledFaults } from './settled-faults.ts';
import { checkStoredBlob } from './stored-blobs.ts';
import { checkedTables } from './table-checks.ts';
import type { Verifier } from './verifier.ts';

/** Rows read at once; they are held while each of them is looked at. */
const rowsPerPage = 20;
const blobsPerPage = 1_000;

/** Something that was looked at: up to where the stage has come, in hexadecimal, and what is wrong with it. */
interface Look {
  readonly after: string;
  readonly faults: readonly Fault[];
}

/** What is looked at one after the other: a table, or the blob store. */
export interface Stage {
  readonly name: string;
  /** Null for the blob store. */
  readonly table: TableName | null;
  look(verifier: Verifier, after: string): AsyncGenerator<Look, void>;
}

/**
 * All stages in their order; with a bucket, only those in which its rows can be found without reading the rows of all
 * buckets.
 */
export function stagesOf(bucketId: string | null): readonly Stage[] {
  const tables = checkedTables.flatMap((table) => {
    const range = rangeOf(table, bucketId);
    return range === undefined ? [] : [tableStage(table, range)];
  });
  return bucketId === null ? [...tables, blobStage] : tables;
}

const everything: KeyRange = { start: new Uint8Array(0), end: undefined };

/** The rows of the bucket; undefined where they lie scattered among those of all buckets. */
function rangeOf(table: TableName, bucketId: string | null): KeyRange | undefined {
  if (bucketId === null) return everything;
  switch (table) {
    case 'buckets':
    case 'notificationRules':
    case 'notificationStates':
    case 'notificationEvents':
    case 'nameHeads':
    case 'supersededVersions':
    case 'visibleNames':
    case 'unfinishedFiles':
    case 'fileVersions':
      return prefixRange(recordKey(bucketId));
    case 'fileIds':
    case 'partEpochs':
    case 'parts':
      // Ids of files name their bucket.
      return prefixRange(textPrefixKey([], `4_z${bucketId}_`));
    default:
      return undefined;
  }
}

function tableStage(table: TableName, range: KeyRange): Stage {
  return {
    name: table,
    table,
    look: async function* (verifier, after) {
      let start = after === '' ? range.start : afterKey(bytesOf(after));
      for (;;) {
        const rows = await verifier.rows.page(table, { start, end: range.end }, rowsPerPage);
        for (const row of rows) {
          verifier.counts.rows++;
          if (table === 'blobReferences') verifier.counts.references++;
          yield { after: encodeHex(keyOf(row)), faults: await settledFaults(verifier, table, row) };
        }
        const last = rows.at(-1);
        if (last === undefined) return;
        start = afterKey(keyOf(last));
      }
    },
  };
}

const blobStage: Stage = {
  name: 'blobs',
  table: null,
  look: async function* (verifier, from) {
    let after = new TextDecoder().decode(bytesOf(from));
    for (;;) {
      const ids = await verifier.core.blobs.list({ ...(after !== '' && { after }), limit: blobsPerPage });
      for (const blobId of ids) {
        yield { after: encodeHex(new TextEncoder().encode(blobId)), faults: await blobFaults(verifier, blobId) };
      }
      const last = ids.at(-1);
      if (last === undefined || ids.length < blobsPerPage) return;
      after = last;
    }
  },
};

/** A reference that does not decode is found in its own table. */
async function blobFaults(verifier: Verifier, blobId: string): Promise<readonly Fault[]> {
  try {
    return await checkStoredBlob(verifier, blobId);
  } catch (error) {
    if (error instanceof DamagedRow) return [];
    throw error;
  }
}

/** The bytes of a place that a {@link Look} gave in hexadecimal. */
function bytesOf(after: string): Uint8Array {
  return decodeHex(after) ?? new Uint8Array(0);
}
