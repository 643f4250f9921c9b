import { collect, type ByteStream, type SecretBytes } from '@coffer/bytes';
import { ciphertextLength, sealBlob, type BlobContext } from '@coffer/envelope-crypto';
import type { StoredSha1 } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { makeBlobId } from '../core/identifiers.ts';
import { PlaintextDigest } from './plaintext-digest.ts';
import { checkedPlaintext, type Plaintext } from './plaintext.ts';
import { wroteNothing } from '../core/transaction.ts';

/** A blob whose data is safe, and which no record refers to yet. */
export interface NewBlob {
  readonly blobId: string;
  /** Plaintext bytes. */
  readonly size: number;
  readonly sha1: StoredSha1;
  /** Lower-case hexadecimal; null if it is not kept. */
  readonly md5: string | null;
  /** The stored bytes, if they go into the commit instead of the blob store. */
  readonly inline: Uint8Array | null;
}

/** How a blob is to be encrypted. */
export interface BlobEncryption {
  /** Null: not at all. The holder keeps and wipes it. */
  readonly fileKey: SecretBytes | null;
  readonly context: BlobContext;
  /** False for SSE-C, where an MD5 of the plaintext would tell more than the file's owner wants. */
  readonly keepMd5: boolean;
}

/**
 * Seals the data and stores it, small blobs in memory for the commit to come. When it resolves, all digests were right; when it
 * rejects, nothing is stored.
 */
export async function writeBlob(core: Core, plaintext: Plaintext, encryption: BlobEncryption): Promise<NewBlob> {
  const digest = new PlaintextDigest(plaintext.claims, encryption.keepMd5);
  const stream = storedStream(checkedPlaintext(plaintext, digest), encryption);
  const storedLength = encryption.fileKey === null ? plaintext.length : ciphertextLength(plaintext.length);
  const blobId = makeBlobId(core);
  let inline: Uint8Array | null = null;
  if (plaintext.length <= core.options.inlineThreshold) inline = await collect(stream, storedLength);
  else await core.blobs.write(blobId, stream, plaintext.signal === undefined ? {} : { signal: plaintext.signal });
  const { sha1, md5 } = digest.result;
  return { blobId, size: plaintext.length, sha1, md5: encryption.keepMd5 ? md5 : null, inline };
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
    return await commit();
  } catch (error) {
    // Where nobody knows whether the commit took effect, the blob may be in use; recovery finds out.
    if (!committing || wroteNothing(error)) await discard(core, blob);
    throw error;
  }
}

async function discard(core: Core, blob: NewBlob): Promise<void> {
  // The first failure is the one to report; what stays behind is removed by recovery.
  if (blob.inline === null) await core.blobs.delete(blob.blobId).catch(() => undefined);
}

function storedStream(plaintext: ByteStream, { fileKey, context }: BlobEncryption): ByteStream {
  return fileKey === null ? plaintext : sealBlob(plaintext, fileKey, context);
}
