import { createHash } from 'node:crypto';
import type { EncryptionMode } from '@coffer/envelope-crypto';

/**
 * The entity tag of a part, or of a file of one blob: the MD5 of its content; for SSE-C, where that is nobody's
 * business without the key, and where the MD5 is not to be had, something that only this blob has. 32 hexadecimal
 * digits.
 */
export function blobEntityTag(mode: EncryptionMode, blobId: string, contentMd5: string | null): string {
  return mode === 'SSE-C' || contentMd5 === null ? opaqueTag(blobId) : contentMd5;
}

/** Tells nothing of the content, and stays the same whatever key the record is sealed with. */
export function opaqueTag(id: string): string {
  return createHash('sha256').update(`coffer/entity-tag/v1\0${id}`).digest('hex').slice(0, 32);
}
