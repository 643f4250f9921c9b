import type { ExportedRecord } from '@coffer/storage-core';

/**
 * The export of a file version's record: docs/format.md, section "The export of a record", which also says where blobs
 * are.
 */
export function recordJson({ record, seal, inlineBlobs }: ExportedRecord): object {
  return {
    formatVersion: 1,
    record: { ...(withBase64(record) as object), seal: base64(seal) },
    blobs: record.parts.map(({ blobId }) => {
      const bytes = inlineBlobs.get(blobId);
      return bytes === undefined ? { blobId, path: blobPath(blobId) } : { blobId, bytes: base64(bytes) };
    }),
  };
}

/** The path of a blob, relative to the data directory, with `/` on every system. */
function blobPath(blobId: string): string {
  return `blobs/${blobId.slice(0, 2)}/${blobId}`;
}

/** The same fields, with every byte string in base64. */
function withBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return base64(value);
  if (Array.isArray(value)) return value.map(withBase64);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withBase64(field)]));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
