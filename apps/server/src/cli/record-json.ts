import type { ExportedRecord } from '@coffer/storage-core';

/** The export of a file version's record: docs/format.md, section "The export of a record", which also says where blobs are. */
export function recordJson({ record, seal, inlineBlobs }: ExportedRecord): object {
  const { wrappedKey, verifier, ...fields } = record;
  return {
    formatVersion: 1,
    record: { ...fields, wrappedKey: base64(wrappedKey), verifier: base64(verifier), seal: base64(seal) },
    blobs: record.parts.map(({ blobId }) => {
      const bytes = inlineBlobs.get(blobId);
      return bytes === undefined ? { blobId, path: blobPath(blobId) } : { blobId, bytes: base64(bytes) };
    }),
  };
}

/** Relative to the data directory, with `/` on every system. */
function blobPath(blobId: string): string {
  return `blobs/${blobId.slice(0, 2)}/${blobId}`;
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes).toString('base64');
}
