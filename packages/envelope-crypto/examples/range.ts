import assert from 'node:assert/strict';
import { collect, streamOf } from '@coffer/bytes';
import { generateFileKey, openBlobRange, sealBlob, type BlobSource } from '@coffer/envelope-crypto';

// A blob of 100,000 bytes, and what its record says of it: how long it is, and what it commits to.
const context = { fileId: 'file1', partNumber: 0 };
const fileKey = generateFileKey();
let commitment: Uint8Array | null = null;
const sealed = sealBlob(streamOf(new Uint8Array(100_000).fill(7)), fileKey, context, {
  onCommitment: (told) => (commitment = told),
});
const stored = await collect(sealed, 1_000_000);

// Where it is stored, any range can be read: a file, an object of another service, an array.
let bytesRead = 0;
const source: BlobSource = {
  length: stored.length,
  read: ({ start, length }) => {
    bytesRead += length;
    return streamOf(stored.subarray(start, start + length));
  },
};

// 1,000 bytes from the middle cost the header and the one chunk that they are in.
const range = { start: 50_000, length: 1_000 };
const expected = { plaintextLength: 100_000, commitment };
const plaintext = await collect(openBlobRange(source, fileKey, context, expected, range), 1_000);
assert.deepEqual(plaintext, new Uint8Array(1_000).fill(7));
assert.equal(bytesRead, 56 + 16_400);
fileKey.wipe();
