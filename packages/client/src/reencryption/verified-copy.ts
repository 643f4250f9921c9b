import type { BucketId, FileId, FileRetention, LegalHold } from '@coffer/b2-schema';
import type { CallOptions } from '../calls/call-context.ts';
import { customerKeyIdInfo, type FileEncryption } from '../encryption/file-encryption.ts';
import { ClientError } from '../errors/client-error.ts';
import { copy } from '../files/copy.ts';
import { largeFileSha1Info } from '../files/upload.ts';
import type { FilesContext, Progress } from '../files/files-context.ts';
import type { StoredFile } from '../files/finish-large-file.ts';
import type { ReadingKeys } from '../files/with-keys.ts';
import { reencryptedFromInfo, type ContentVersion } from './version-stack.ts';

/** How a version is copied. */
export interface VerifiedCopyOptions extends CallOptions {
  readonly bucketId: BucketId;
  readonly to: FileEncryption;
  readonly keys: ReadingKeys | undefined;
  /** Whether the copy names its source. */
  readonly isMarked: boolean;
  readonly partSize: number | undefined;
  readonly onProgress: (progress: Progress) => void;
}

/** Whether a file is encrypted so; a customer key is known by its id. */
export function isEncryptedWith(
  { serverSideEncryption, fileInfo }: Pick<StoredFile, 'serverSideEncryption' | 'fileInfo'>,
  encryption: FileEncryption,
): boolean {
  if (serverSideEncryption.mode !== encryption.mode) return false;
  return encryption.mode === 'SSE-B2' || fileInfo[customerKeyIdInfo] === encryption.keyId;
}

/**
 * Copies a version over its own name, with everything that the API lets a copy keep, and looks the copy up.
 *
 * @throws ClientError `invalid_response` if what is there is not what was asked for.
 */
export async function verifiedCopy(
  context: FilesContext,
  source: ContentVersion,
  options: VerifiedCopyOptions,
): Promise<FileId> {
  const { bucketId, to, keys, isMarked, partSize, onProgress, signal } = options;
  const { fileId: sourceFileId, fileName, contentType } = source;
  const fileInfo = infoOfCopy(source, to, isMarked);
  const locks = locksOf(source, context.calls.timing.now());
  const { fileId } = await copy(context, {
    ...{ sourceFileId, fileName, bucketId, contentType, fileInfo, ...locks },
    ...{ sourceEncryption: isEncryptedWith(source, to) ? to : keys, encryption: to, partSize, onProgress, signal },
  });
  const found = await context.api.getFileInfo({ fileId }, { signal });
  const isFile = found.action === 'upload' || found.action === 'copy';
  const problem = isFile ? problemOf(found, source, to, fileInfo) : 'is not a file';
  if (problem === undefined) return fileId;
  const message = `The copy ${problem}`;
  throw new ClientError('invalid_response', message, { operation: 'b2_get_file_info' });
}

function infoOfCopy(source: ContentVersion, to: FileEncryption, isMarked: boolean): Record<string, string> {
  const { [customerKeyIdInfo]: _, [reencryptedFromInfo]: from, ...others } = source.fileInfo;
  const keyId = to.mode === 'SSE-C' ? to.keyId : undefined;
  // A copy that is copied once more, to be on top, still is one of the same version.
  const origin = isEncryptedWith(source, to) ? (from ?? source.fileId) : source.fileId;
  return {
    ...others,
    ...(keyId === undefined ? {} : { [customerKeyIdInfo]: keyId }),
    ...(isMarked ? { [reencryptedFromInfo]: origin } : {}),
  };
}

/** What of the locks can be given to a copy: retentions that are over cannot, and what the key may not read neither. */
function locksOf(
  { fileRetention, legalHold }: ContentVersion,
  now: number,
): { fileRetention?: FileRetention; legalHold?: LegalHold } {
  const retention = fileRetention.isClientAuthorizedToRead ? fileRetention.value : null;
  const hold = legalHold.isClientAuthorizedToRead ? legalHold.value : null;
  const until = retention?.retainUntilTimestamp ?? 0;
  return {
    ...(retention !== null && until > now ? { fileRetention: retention as FileRetention } : {}),
    ...(hold === 'on' ? { legalHold: hold } : {}),
  };
}

/** Whether the server would refuse to delete the version. */
export function isLocked(version: ContentVersion, now: number): boolean {
  return Object.keys(locksOf(version, now)).length > 0;
}

/** Why a version is no copy of the source under that encryption, as far as a look-up or a listing tells. */
export function problemOf(
  copied: StoredFile,
  source: ContentVersion,
  to: FileEncryption,
  fileInfo: Readonly<Record<string, string>> = {},
): string | undefined {
  if (copied.fileName !== source.fileName) return 'has another name';
  if (copied.contentLength !== source.contentLength) return 'has another length';
  if (copied.contentType !== source.contentType) return 'has another content type';
  if (!isEncryptedWith(copied, to)) return 'is not encrypted as was asked';
  if (!Object.entries(fileInfo).every(([key, value]) => copied.fileInfo[key] === value)) return 'has other file info';
  const files = [source, copied];
  const isOther = [files.map((file) => file.contentSha1), files.map((file) => file.fileInfo[largeFileSha1Info])].some(
    (said) => {
      const [one, other] = said.map((text) => /[0-9a-f]{40}$/.exec(text ?? '')?.[0]);
      return one !== undefined && other !== undefined && one !== other;
    },
  );
  return isOther ? 'has another SHA-1' : undefined;
}
