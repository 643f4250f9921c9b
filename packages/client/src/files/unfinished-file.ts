import { maxPartNumber, type FileId } from '@coffer/b2-schema';
import { customerKeyIdInfo, type FileEncryption } from '../encryption/file-encryption.ts';
import type { FilesContext } from './files-context.ts';
import { listParts, listUnfinishedLargeFiles } from './listings.ts';
import type { StartFields } from './start-fields.ts';

/** A part that the server has. */
export interface StoredPart {
  readonly length: number;
  readonly sha1: string;
}

/** A large file that was begun and not finished, with the parts that it has. */
export interface UnfinishedFile {
  readonly fileId: FileId;
  readonly parts: ReadonlyMap<number, StoredPart>;
}

/**
 * The newest large file that was begun with the same fields, and not finished. With a customer key it is found only if
 * the key has an id, since the server does not tell by which key its parts are encrypted.
 */
export async function findUnfinished(
  context: FilesContext,
  fields: StartFields,
  signal: AbortSignal | undefined,
): Promise<UnfinishedFile | undefined> {
  const { bucketId, fileName, customUploadTimestamp } = fields;
  // No listing tells the one that was asked for.
  if (customUploadTimestamp !== undefined) return undefined;
  let newest: { fileId: FileId; uploadTimestamp: number } | undefined;
  for await (const file of listUnfinishedLargeFiles(context, { bucketId, namePrefix: fileName }, { signal })) {
    const isSame = file.fileName === fileName && hasSameFields(file, fields);
    if (isSame && (newest === undefined || file.uploadTimestamp >= newest.uploadTimestamp)) newest = file;
  }
  if (newest === undefined) return undefined;
  return { fileId: newest.fileId, parts: await partsOf(context, newest.fileId, signal) };
}

async function partsOf(context: FilesContext, fileId: FileId, signal: AbortSignal | undefined) {
  const parts = new Map<number, StoredPart>();
  for await (const part of listParts(context, { fileId, maxPartCount: 1000 }, { signal })) {
    parts.set(part.partNumber, { length: part.contentLength, sha1: part.contentSha1 });
    if (parts.size > maxPartNumber) break;
  }
  return parts;
}

interface Begun {
  readonly contentType: string;
  readonly fileInfo: Readonly<Record<string, string>>;
  readonly serverSideEncryption: { readonly mode: string | null };
  readonly fileRetention: {
    readonly value: { readonly mode: string | null; readonly retainUntilTimestamp: number | null } | null;
  };
  readonly legalHold: { readonly value: string | null };
}

function hasSameFields(file: Begun, fields: StartFields): boolean {
  // The server has replaced the type that asks to be derived.
  const isSameType = fields.contentType === 'b2/x-auto' || fields.contentType === file.contentType;
  return (
    isSameType &&
    isSameInfo(file.fileInfo, fields.fileInfo) &&
    isSameEncryption(file, fields.serverSideEncryption) &&
    hasSameLocks(file, fields)
  );
}

/** What the key may not read is taken for none. */
function hasSameLocks({ fileRetention, legalHold }: Begun, asked: StartFields): boolean {
  const { value: begun } = fileRetention;
  const retention = asked.fileRetention;
  // Without a retention of its own, a file has that of its bucket.
  const isSameRetention =
    retention === undefined ||
    ((begun?.mode ?? null) === retention.mode &&
      (begun?.retainUntilTimestamp ?? null) === retention.retainUntilTimestamp);
  return isSameRetention && (legalHold.value === 'on') === (asked.legalHold === 'on');
}

function isSameInfo(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key.toLowerCase()]);
}

function isSameEncryption({ serverSideEncryption, fileInfo }: Begun, asked: FileEncryption | undefined): boolean {
  if (asked?.mode === 'SSE-C') return serverSideEncryption.mode === 'SSE-C' && customerKeyIdInfo in fileInfo;
  // Without an encryption of its own, a file has that of its bucket.
  return asked === undefined ? serverSideEncryption.mode !== 'SSE-C' : serverSideEncryption.mode === asked.mode;
}
