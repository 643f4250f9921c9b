import { createHash } from 'node:crypto';
import { decodeHex, encodeHex } from '@coffer/bytes';
import { maskEntityTag } from '@coffer/envelope-crypto';
import type { Core } from '../core/core.ts';
import type { FilePart, FileVersion } from '../services/storage.ts';
import { blobEntityTag, opaqueTag } from './blob-entity-tag.ts';
import { inTurns, masksFor } from './checksums.ts';
import type { UnsealedEncryption } from './file-encryption.ts';

type Keys = Pick<Core, 'keys'>;

/** What is kept as the entity tag of a large file: the MD5 of the tags of its parts, masked if it is encrypted. */
export async function storedEntityTag(
  { keys }: Keys,
  fileId: string,
  { mode, globalKeyId }: UnsealedEncryption,
  parts: readonly Pick<FilePart, 'entityTag'>[],
): Promise<Uint8Array> {
  const digest = createHash('md5');
  for (const { entityTag } of parts) digest.update(decodeHex(entityTag) ?? new Uint8Array(0));
  const tag = Uint8Array.from(digest.digest());
  return mode === 'none' ? tag : maskEntityTag(await keys.checksumMasks(globalKeyId), fileId, tag);
}

/** `ReadService.entityTags`, in as many turns as it takes. */
export async function entityTags(core: Keys, versions: readonly FileVersion[]): Promise<string[]> {
  return inTurns(versions, (some) => Promise.all(some.map((version) => entityTagOf(core, version))));
}

async function entityTagOf(core: Keys, version: FileVersion): Promise<string> {
  const { encryption, blobId, contentMd5, partCount } = version;
  if (blobId !== null) return blobEntityTag(encryption.mode, blobId, contentMd5);
  return partCount === null ? opaqueTag(version.fileId) : `${await largeFileTag(core, version)}-${partCount}`;
}

async function largeFileTag(core: Keys, { fileId, encryption, entityTag }: FileVersion): Promise<string> {
  if (entityTag === undefined) return opaqueTag(fileId);
  const masks = await masksFor(core, encryption);
  if (masks === undefined) return opaqueTag(fileId);
  return encodeHex(masks === 'plain' ? entityTag : maskEntityTag(masks, fileId, entityTag));
}
