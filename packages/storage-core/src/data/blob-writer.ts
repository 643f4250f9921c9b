import { createChecksum } from '@coffer/checksums';
import { collect, type ByteStream, type SecretBytes } from '@coffer/bytes';
import { sealBlob, sealBlobBytes, type BlobContext } from '@coffer/envelope-crypto';
import type { ChecksumAlgorithm, StoredSha1 } from '@coffer/storage-ports';
import type { BlobWrite } from '../core/blob-write-bound.ts';
import type { Core } from '../core/core.ts';
import { makeBlobId } from '../core/identifiers.ts';
import { PlaintextDigest } from './plaintext-digest.ts';
import { checkedPlaintext, type Plaintext } from './plaintext.ts';
import { readAhead } from './read-ahead.ts';
import { wroteNothing } from '../core/transaction.ts';
import { StorageError } from '../services/storage-error.ts';

/** A blob whose data is safe, and which no record refers to yet. */
export interface NewBlob {
  readonly blobId: string;
  /** Identifies the blob: its commitment, or the SHA-1 of its content where it is not encrypted. */
  readonly blobCheck: Uint8Array;
  /** Plaintext bytes. */
  readonly size: number;
  readonly sha1: StoredSha1;
  /** Lower-case hexadecimal; null if it is not kept. */
  readonly md5: string | null;
  /** Null: the uploader chose none. */
  readonly further: { readonly algorithm: ChecksumAlgorithm; readonly value: Uint8Array } | null;
  /** The stored bytes, if they go into the commit instead of the blob store. */
  readonly inline: Uint8Array | null;
  /** Open until the blob is in a record or gone; null for one that goes into the commit. */
  readonly write: BlobWrite | null;
}

/** How a blob is to be encrypted. */
export interface BlobEncryption {
  /** Null: not encrypted. The key stays the caller's, who wipes it. */
  readonly fileKey: SecretBytes | null;
  readonly context: BlobContext;
}

/**
 * Seals the data and stores it, small blobs in memory for the commit to come. When it resolves, all digests were right;
 * when it rejects, nothing is stored.
 */
export async function writeBlob(core: Core, given: Plaintext, encryption: BlobEncryption): Promise<NewBlob> {
  const plaintext = await readAhead(given, core.options.inlineThreshold);
  const { further: chosen } = plaintext.claims;
  const running = chosen === undefined ? null : await createChecksum(chosen.algorithm);
  const { length, claims } = plaintext;
  const isBelieved = claims.sha1.kind === 'unverified' && claims.sha1.sha1 !== undefined;
  const wanted = { md5: true, sha1: encryption.fileKey === null || !isBelieved };
  const digest = new PlaintextDigest(claims, core.digests.of(wanted, length ?? Infinity), running);
  const stored =
    length !== undefined && length <= core.options.inlineThreshold
      ? sealInMemory(core, await collect(checkedPlaintext(plaintext, digest), length), digest, encryption)
      : await storeSealed(core, plaintext, digest, encryption);
  const { size, sha1, md5, further } = digest.result;
  return { size, sha1, md5, further, ...stored };
}

type Stored = Pick<NewBlob, 'blobId' | 'blobCheck' | 'inline' | 'write'>;

/** A small blob: a stream of sealed chunks would cost more than sealing them. */
function sealInMemory(
  core: Core,
  plaintext: Uint8Array,
  digest: PlaintextDigest,
  { fileKey, context }: BlobEncryption,
): Stored {
  const blobId = makeBlobId(core, null);
  if (fileKey === null) return { blobId, blobCheck: digest.result.computedSha1, inline: plaintext, write: null };
  const { blob, commitment } = sealBlobBytes(plaintext, fileKey, context, { engine: core.engine });
  return { blobId, blobCheck: commitment, inline: blob, write: null };
}

async function storeSealed(
  core: Core,
  plaintext: Plaintext,
  digest: PlaintextDigest,
  encryption: BlobEncryption,
): Promise<Stored> {
  const { stream, blobCheck } = contentOf(core, plaintext, digest, encryption);
  const { blobId, write } = await store(core, plaintext, stream);
  return { blobId, blobCheck: blobCheck(), inline: null, write };
}

async function store(
  core: Core,
  plaintext: Plaintext,
  stream: ByteStream,
): Promise<{ readonly blobId: string; readonly write: BlobWrite }> {
  const write = await core.blobWrites.begin().catch(async (error: unknown) => {
    // Nobody has read from the stream yet; its producer must learn that nobody will.
    await plaintext.stream[Symbol.asyncIterator]().return?.();
    throw error;
  });
  const blobId = makeBlobId(core, write.owner);
  try {
    await core.blobs.write(blobId, stream, plaintext.signal === undefined ? {} : { signal: plaintext.signal });
    return { blobId, write };
  } catch (error) {
    // If the store failed, nobody knows what it has kept.
    if (!StorageError.is(error, 'storage_unavailable')) write.end();
    throw error;
  }
}

/** Runs the commit that makes the blob part of a file; when it fails, the blob is removed. */
export async function commitBlob<T>(
  core: Core,
  blob: NewBlob,
  signal: AbortSignal | undefined,
  commit: () => Promise<T>,
): Promise<T> {
  let committing = false;
  try {
    signal?.throwIfAborted();
    committing = true;
    const result = await commit();
    blob.write?.end();
    return result;
  } catch (error) {
    // Where nobody knows whether the commit took effect, the blob may be in use; recovery finds out.
    if (!committing || wroteNothing(error)) await discard(core, blob);
    throw error;
  }
}

async function discard(core: Core, { blobId, write }: NewBlob): Promise<void> {
  if (write === null) return;
  // The first failure is the one to report; what stays behind is found by recovery.
  await core.blobs.delete(blobId).then(
    () => {
      write.end();
    },
    () => undefined,
  );
}

/** What is stored. */
interface BlobContent {
  readonly stream: ByteStream;
  /** To be called when the stream has ended. */
  readonly blobCheck: () => Uint8Array;
}

function contentOf(
  { engine }: Core,
  plaintext: Plaintext,
  digest: PlaintextDigest,
  { fileKey, context }: BlobEncryption,
): BlobContent {
  const checked = checkedPlaintext(plaintext, digest);
  if (fileKey === null) return { stream: checked, blobCheck: () => digest.result.computedSha1 };
  let commitment = new Uint8Array(0);
  const onCommitment = (told: Uint8Array): void => void (commitment = told.slice());
  const stream = sealBlob(checked, fileKey, context, { onCommitment, engine });
  return { stream, blobCheck: () => commitment };
}
