import { createHash } from 'node:crypto';
import { createChecksum } from '@coffer/checksums';
import { collect, constantTimeEqual, encodeHex, streamOf, type ByteStream } from '@coffer/bytes';
import { EnvelopeError, HEADER_LENGTH, ciphertextLength, commitmentIn, openBlob } from '@coffer/envelope-crypto';
import { StoreError, keys, type StoredSha1 } from '@coffer/storage-ports';
import type { StoredBlob } from '../reads/blob-source.ts';
import type { FurtherChecksum } from '../services/storage.ts';
import type { FindingKind, FindingPlace } from '../services/verification.ts';
import { StorageError } from '../services/storage-error.ts';
import type { FileKey } from './file-keys.ts';
import { fault, type Fault } from './findings.ts';
import type { Verifier } from './verifier.ts';

/** A blob and what is known of it from elsewhere. */
export interface ExpectedBlob {
  readonly place: Partial<FindingPlace>;
  readonly fileId: string;
  /** 0 for a regular file. */
  readonly partNumber: number;
  readonly blobId: string;
  /** Identifies the blob, as its record says. */
  readonly blobCheck: Uint8Array;
  /** Plaintext bytes. */
  readonly size: number;
  readonly isEncrypted: boolean;
  readonly key: FileKey;
  readonly sha1: StoredSha1 | null;
  /** Lower-case hexadecimal; null if it is not kept. */
  readonly md5: string | null;
  /** The checksum that the uploader chose; null for none. */
  readonly further: FurtherChecksum | null;
}

/** Reads a whole blob, and checks that it exists, has its length, is authentic and matches its checksums. */
export async function checkBlob(verifier: Verifier, expected: ExpectedBlob): Promise<readonly Fault[]> {
  try {
    const blob = await storedBlob(verifier, expected.blobId);
    const length = blob.inline === undefined ? blob.source.length : blob.inline.length;
    const wanted = expected.isEncrypted ? ciphertextLength(expected.size) : expected.size;
    if (length !== wanted) return [problem('blob-length', expected, `has ${length} bytes instead of ${wanted}`)];
    return await checkBytes(verifier, expected, blob);
  } catch (error) {
    return [failureOf(error, expected)];
  }
}

/** Finds a blob as reads do, but first checks the row that holds the content of a small blob. @throws DamagedRow. */
async function storedBlob({ core, rows }: Verifier, blobId: string): Promise<StoredBlob> {
  const inline = await rows.get('inlineBlobs', keys.inlineBlobs(blobId));
  if (inline !== undefined) return { inline };
  const length = await core.blobs.size(blobId);
  return { inline: undefined, source: { length, read: (range) => core.blobs.read(blobId, range) } };
}

async function bytesOf(blob: StoredBlob): Promise<ByteStream> {
  if (blob.inline !== undefined) return streamOf(blob.inline);
  return blob.source.read({ start: 0, length: blob.source.length });
}

async function commitmentOf(blob: StoredBlob): Promise<Uint8Array> {
  if (blob.inline !== undefined) return commitmentIn(blob.inline);
  return commitmentIn(await collect(await blob.source.read({ start: 0, length: HEADER_LENGTH }), HEADER_LENGTH));
}

async function* paced({ counts, pace }: Verifier, stream: ByteStream): AsyncGenerator<Uint8Array, void> {
  for await (const piece of stream) {
    counts.bytes += piece.length;
    await pace.spend(piece.length);
    yield piece;
  }
}

async function checkBytes(verifier: Verifier, expected: ExpectedBlob, blob: StoredBlob): Promise<readonly Fault[]> {
  const { key, fileId, partNumber, blobCheck } = expected;
  if (key === 'not at hand') {
    verifier.counts.withoutKey++;
    const isNamed = constantTimeEqual(await commitmentOf(blob), blobCheck);
    return isNamed ? [] : [problem('blob-damaged', expected, 'is not the one that its record names')];
  }
  const stored = paced(verifier, await bytesOf(blob));
  const plaintext = key === 'none' ? stored : openBlob(stored, key, { fileId, partNumber }, blobCheck);
  const digests = await digestsOf(plaintext, expected.further);
  verifier.counts.blobs++;
  return compareDigests(expected, digests);
}

interface Digests {
  readonly sha1: string;
  readonly md5: string;
  readonly further: Uint8Array | null;
}

async function digestsOf(plaintext: ByteStream, chosen: FurtherChecksum | null): Promise<Digests> {
  const further = chosen === null ? null : await createChecksum(chosen.algorithm);
  const sha1 = createHash('sha1');
  const md5 = createHash('md5');
  for await (const piece of plaintext) {
    sha1.update(piece);
    md5.update(piece);
    further?.update(piece);
  }
  return { sha1: sha1.digest('hex'), md5: md5.digest('hex'), further: further?.digest() ?? null };
}

/** A SHA-1 that the client only claimed says nothing of the bytes. */
function compareDigests(expected: ExpectedBlob, { sha1, md5, further }: Digests): readonly Fault[] {
  const faults: Fault[] = [];
  if (!expected.isEncrypted && sha1 !== encodeHex(expected.blobCheck))
    return [problem('checksum', expected, 'has other content than was stored')];
  if (expected.sha1?.verified === true && expected.sha1.sha1 !== sha1)
    faults.push(problem('checksum', expected, 'has another SHA-1 than was stored for it'));
  if (expected.md5 !== null && expected.md5 !== md5)
    faults.push(problem('checksum', expected, 'has another MD5 than was stored for it'));
  const chosen = expected.further?.value ?? null;
  if (chosen !== null && further !== null && !constantTimeEqual(chosen, further))
    faults.push(
      problem('checksum', expected, `has another ${expected.further?.algorithm ?? ''} than was stored for it`),
    );
  return faults;
}

/** The fault that a failure to read a blob means. Rethrows an error that says nothing about the blob. */
function failureOf(error: unknown, expected: ExpectedBlob): Fault {
  if (error instanceof EnvelopeError) return problem('blob-damaged', expected, `is not authentic: ${error.message}`);
  const cause = StorageError.is(error) ? error.cause : error;
  if (!(cause instanceof StoreError) || cause.code === 'closed' || cause.code === 'damaged') throw error;
  if (cause.code === 'missing_blob') return problem('blob-missing', expected, 'is not there');
  return problem('unreadable', expected, `cannot be read: ${cause.message}`);
}

function problem(kind: FindingKind, { place, blobId }: ExpectedBlob, what: string): Fault {
  return fault(kind, place, `The blob ${blobId} ${what}`);
}
