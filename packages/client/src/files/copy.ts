import { maxCopySize, type BucketId, type FileId, type FileRetention, type LegalHold } from '@coffer/b2-schema';
import type { CallOptions } from '../calls/call-context.ts';
import { checkEncryption } from '../encryption/check-encryption.ts';
import {
  customerKeyIdInfo,
  withKeyId,
  type CustomerKeyEncryption,
  type FileEncryption,
} from '../encryption/file-encryption.ts';
import { ClientError } from '../errors/client-error.ts';
import { checkCount } from '../sources/check-count.ts';
import { inParallel } from '../sources/in-parallel.ts';
import type { FilesContext, Progress } from './files-context.ts';
import { finishLargeFile, type StoredFile } from './finish-large-file.ts';
import { startLargeFile } from './start-large-file.ts';
import { largeFileSha1Info } from './upload.ts';
import { keysToTry, tryKeys, type ReadingKeys } from './with-keys.ts';

/** What is copied, and how. */
export interface CopyOptions extends CallOptions {
  readonly sourceFileId: FileId;
  readonly fileName: string;
  /** Default: the bucket of the source. */
  readonly bucketId?: BucketId | undefined;
  /** The bytes to be copied, both included. Default: all. */
  readonly range?: { readonly first: number; readonly last: number } | undefined;
  /** Default: that of the source. */
  readonly contentType?: string | undefined;
  /** Default: that of the source. */
  readonly fileInfo?: Readonly<Record<string, string>> | undefined;
  readonly fileRetention?: FileRetention | undefined;
  readonly legalHold?: LegalHold | undefined;
  /** The customer key of the source, or a ring in which it is found. Other sources need none. */
  readonly sourceEncryption?: ReadingKeys | undefined;
  /** How the copy is encrypted; nothing of the source's encryption is taken over. Default: that of the bucket. */
  readonly encryption?: FileEncryption | undefined;
  /** Bytes; what is longer is copied in parts of this size. Default: 5 GiB, the longest that one request copies. */
  readonly partSize?: number | undefined;
  /** How many parts are copied at a time. Default: 4. */
  readonly parallel?: number | undefined;
  /** Called when a part, or the file, has been copied. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What is known of the source. */
interface Source {
  readonly bucketId: BucketId;
  readonly contentType: string;
  readonly fileInfo: Readonly<Record<string, string>>;
  readonly contentLength: number;
  readonly serverSideEncryption: { readonly mode: string | null };
}

/** What is copied from where, with the key that turned out to be right. */
interface Piece {
  readonly first: number;
  readonly length: number;
}

/** Copies a file on the server, without its bytes coming here. */
export async function copy(context: FilesContext, options: CopyOptions): Promise<StoredFile> {
  const { sourceFileId, sourceEncryption, range, partSize = maxCopySize, parallel = 1, signal } = options;
  checkCount(partSize, 'partSize');
  checkCount(parallel, 'parallel');
  const source = await context.api.getFileInfo({ fileId: sourceFileId }, { signal });
  if (source.action === 'hide' || source.action === 'start') {
    throw new ClientError('not_found', 'The source is not a file with content', { operation: 'b2_copy_file' });
  }
  const { mode } = source.serverSideEncryption;
  const keys = keysToTry(sourceEncryption, { mode, fileInfo: source.fileInfo });
  const whole = { first: 0, length: source.contentLength };
  const piece = range === undefined ? whole : { first: range.first, length: range.last - range.first + 1 };
  if (piece.length > partSize) return copyParts(context, options, source, piece, keys);
  const copied = await tryKeys(keys, (key) => copyWhole(context, options, source, key));
  options.onProgress?.({ bytes: copied.contentLength, total: copied.contentLength });
  return copied;
}

async function copyWhole(
  { api }: FilesContext,
  options: CopyOptions,
  source: Source,
  key: CustomerKeyEncryption | undefined,
): Promise<StoredFile> {
  const { sourceFileId, fileName, bucketId, range, contentType, fileRetention, legalHold, encryption } = options;
  const fileInfo = copiedInfo(options, source);
  const isReplaced = contentType !== undefined || !isSame(fileInfo, source.fileInfo);
  const replaced = isReplaced
    ? ({ metadataDirective: 'REPLACE', contentType: contentType ?? source.contentType, fileInfo } as const)
    : {};
  const fields = {
    sourceFileId,
    fileName,
    destinationBucketId: bucketId,
    range,
    fileRetention,
    legalHold,
    ...replaced,
  };
  const settings = { sourceServerSideEncryption: key, destinationServerSideEncryption: encryption };
  const copied = await api.copyFile({ ...fields, ...settings }, { signal: options.signal });
  checkEncryption(copied, encryption, 'b2_copy_file');
  return copied;
}

/** The info of the copy names the key of the copy, and tells the SHA-1 of a large file only if all of it is copied. */
function copiedInfo({ fileInfo, encryption, range }: CopyOptions, source: Source): Record<string, string> {
  if (fileInfo !== undefined) return withKeyId(fileInfo, encryption);
  const { [customerKeyIdInfo]: _, [largeFileSha1Info]: sha1, ...others } = source.fileInfo;
  const kept = sha1 === undefined || range !== undefined ? others : { ...others, [largeFileSha1Info]: sha1 };
  return withKeyId(kept, encryption);
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

async function copyParts(
  context: FilesContext,
  options: CopyOptions,
  source: Source,
  piece: Piece,
  keys: readonly (CustomerKeyEncryption | undefined)[],
): Promise<StoredFile> {
  const { api } = context;
  const { fileName, bucketId = source.bucketId, fileRetention, legalHold, encryption, signal } = options;
  const metadata = { contentType: options.contentType ?? source.contentType, fileInfo: copiedInfo(options, source) };
  const fields = { bucketId, fileName, ...metadata, fileRetention, legalHold, serverSideEncryption: encryption };
  const fileId = await startLargeFile(context, fields, { signal });
  try {
    const sha1s = await tryKeys(keys, (key) => copyEachPart(context, options, fileId, piece, key));
    return await finishLargeFile(context, fileId, sha1s, { signal });
  } catch (error) {
    const isInDoubt = ClientError.is(error) && error.operation === 'b2_finish_large_file' && error.mayHaveBeenDone;
    // The signal does not end this: otherwise what was begun would stay, and be paid for.
    if (!isInDoubt) await api.cancelLargeFile({ fileId }).catch(() => undefined);
    throw error;
  }
}

/** The SHA-1s of all parts, in their order. */
async function copyEachPart(
  { api }: FilesContext,
  { sourceFileId, encryption, partSize = maxCopySize, parallel = 4, onProgress, signal }: CopyOptions,
  largeFileId: FileId,
  { first, length }: Piece,
  key: CustomerKeyEncryption | undefined,
): Promise<string[]> {
  const sha1s: string[] = [];
  // Parts of a file with SSE-B2 name no encryption: the file has it.
  const destinationServerSideEncryption = encryption?.mode === 'SSE-C' ? encryption : undefined;
  const settings = { sourceServerSideEncryption: key, destinationServerSideEncryption };
  let bytes = 0;
  await inParallel(ranges(length, partSize), parallel, signal, async (part, partSignal) => {
    const { number: partNumber, start, end } = part;
    const range = { first: first + start, last: first + end - 1 };
    const fields = { sourceFileId, largeFileId, partNumber, range, ...settings };
    const copied = await api.copyPart(fields, { signal: partSignal });
    checkEncryption(copied, destinationServerSideEncryption, 'b2_copy_part');
    sha1s[partNumber - 1] = copied.contentSha1;
    bytes += end - start;
    onProgress?.({ bytes, total: length });
  });
  return sha1s;
}

interface Range {
  readonly number: number;
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
}

/** The last part may be smaller than a part has to be otherwise. */
function* ranges(length: number, size: number): Generator<Range, void> {
  for (let start = 0, number = 1; start < length; start += size, number++) {
    yield { number, start, end: Math.min(length, start + size) };
  }
}
