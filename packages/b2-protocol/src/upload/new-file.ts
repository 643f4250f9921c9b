import { fileNameProblem, type FileRetention } from '@coffer/b2-schema';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { LockSettings, NewFile } from '@coffer/storage-core';
import { badRequest } from '../errors/b2-error.ts';
import type { B2Options } from '../options.ts';
import { present } from '../request/present.ts';
import { resolveContentType } from './content-type.ts';

/** What both an upload and the start of a large file say of the file. */
interface RequestedFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly fileInfo: Readonly<Record<string, string>>;
  readonly serverSideEncryption?: EncryptionRequest | undefined;
  readonly customUploadTimestamp?: number | undefined;
  readonly fileRetention?: FileRetention | undefined;
  readonly legalHold?: 'on' | 'off' | undefined;
}

/** The file to make, as the core takes it. */
export function newFile(requested: RequestedFile, bucketId: string, options: B2Options): NewFile {
  const { fileName, contentType, fileInfo, serverSideEncryption, customUploadTimestamp } = requested;
  checkNewName(fileName, options);
  return {
    bucketId,
    name: fileName,
    contentType: resolveContentType(contentType, fileName),
    fileInfo,
    ...present({ encryption: serverSideEncryption, customTimestamp: customUploadTimestamp }),
    ...lockSettings(requested),
  };
}

/** Names that already exist may break the stricter rules; new ones may not, if the server says so. */
export function checkNewName(name: string, { strictFileNames = false }: B2Options): void {
  const problem = fileNameProblem(name, { strict: strictFileNames });
  if (problem !== undefined) throw badRequest(problem);
}

/** Retention and legal hold as the core takes them; a retention without a mode asks for none. */
export function lockSettings({
  fileRetention,
  legalHold,
}: Pick<RequestedFile, 'fileRetention' | 'legalHold'>): LockSettings {
  return present({ retention: fileRetention && asRetention(fileRetention), legalHold });
}

/** A retention as the core takes it; null for none. */
export function asRetention({
  mode,
  retainUntilTimestamp,
}: FileRetention): NonNullable<LockSettings['retention']> | null {
  return mode === null ? null : { mode, retainUntil: retainUntilTimestamp };
}
