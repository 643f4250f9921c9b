import { maxPartNumber, type BucketId, type FileId, type FileRetention, type LegalHold } from '@coffer/b2-schema';
import type { CallOptions } from '../calls/call-context.ts';
import { withKeyId, type FileEncryption } from '../encryption/file-encryption.ts';
import { ClientError } from '../errors/client-error.ts';
import { checkCount } from '../sources/check-count.ts';
import { inParallel } from '../sources/in-parallel.ts';
import { orAborted } from '../sources/or-aborted.ts';
import { sha1Of } from '../sources/sha1-of.ts';
import {
  isPlaced,
  placedParts,
  sizeOf,
  streamedParts,
  type SourcePart,
  type UploadBody,
  type UploadData,
} from '../sources/upload-source.ts';
import type { FilesContext, Progress } from './files-context.ts';
import { finishLargeFile, type StoredFile } from './finish-large-file.ts';
import { placedPartSize, streamedPartSize } from './part-size.ts';
import type { StartFields } from './start-fields.ts';
import { startLargeFile } from './start-large-file.ts';
import { findUnfinished, type StoredPart } from './unfinished-file.ts';

/** The file info entry with the SHA-1 of a large file (B2 docs "Large Files"). */
export const largeFileSha1Info = 'large_file_sha1';

/** What is uploaded, and how. */
export interface UploadOptions extends CallOptions {
  readonly bucketId: BucketId;
  readonly fileName: string;
  readonly data: UploadData;
  /** Default: the server derives it from the file name. */
  readonly contentType?: string | undefined;
  readonly fileInfo?: Readonly<Record<string, string>> | undefined;
  /** Default: that of the bucket. */
  readonly encryption?: FileEncryption | undefined;
  readonly fileRetention?: FileRetention | undefined;
  readonly legalHold?: LegalHold | undefined;
  /** Milliseconds since the epoch. Not every server takes it. */
  readonly customUploadTimestamp?: number | undefined;
  /**
   * Bytes of the parts of a large file; data of no more than that is uploaded as one file. Default: what the server
   * recommends, and for streams no more than 25 MB.
   */
  readonly partSize?: number | undefined;
  /** How many parts are uploaded at a time. Default: 4. Of a stream, this many parts and two more are in memory. */
  readonly parallel?: number | undefined;
  /**
   * Go on with a large file that was begun with the same name, type, info and locks and not finished: parts that the
   * server has are not sent again. With a `customUploadTimestamp` a new one is begun. If the upload fails, the
   * unfinished file is kept. Default: false; an unfinished file is then cancelled.
   */
  readonly resume?: boolean | undefined;
  /**
   * Compute the SHA-1 of a large file before it is uploaded, and store it in the file's info, so that downloads can be
   * verified. Reads the data once more. Default: true. Streams can be read only once, and are stored without.
   */
  readonly wholeSha1?: boolean | undefined;
  /** Called when a part, or the file, has been stored. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when a large file has been begun, or, with `resume`, found; before any part of it is sent. */
  readonly onLargeFile?: ((file: BegunLargeFile) => void) | undefined;
}

/** A large file whose parts are about to be sent. */
export interface BegunLargeFile {
  readonly fileId: FileId;
  /** Whether this upload has begun it; otherwise it was found. */
  readonly begun: boolean;
  /** Parts that the server has already. Those of them that are not as in the data are sent again. */
  readonly storedParts: number;
}

/** The parts of data that can be read at any place, or of a stream. */
type Parts = Generator<SourcePart, void> | AsyncGenerator<SourcePart, void>;

/** Uploads data as one file, or, if it is longer than a part, as a large file. */
export async function upload(context: FilesContext, options: UploadOptions): Promise<StoredFile> {
  const { data, parallel = 1, signal } = options;
  checkCount(parallel, 'parallel');
  const info = await context.calls.account.session(signal).then((session) => session.info);
  const fields = startFields(options);
  if (isPlaced(data)) {
    const size = sizeOf(data);
    const partSize = placedPartSize(size, options.partSize, info);
    if (size <= partSize) return uploadSmall(context, fields, data, options);
    return uploadPlaced(context, await withWholeSha1(fields, data, options), { ...options, data }, partSize);
  }
  const parts = streamedParts(data, streamedPartSize(options.partSize, info));
  const first = await orAborted(parts.next(), signal);
  const second = first.done === true ? first : await orAborted(parts.next(), signal);
  if (second.done === true) {
    return uploadSmall(context, fields, first.done === true ? new Uint8Array() : first.value.body, options);
  }
  if (first.done === true) throw new ClientError('invalid_request', 'The stream ended twice');
  return uploadLarge(context, fields, options, putBack([first.value, second.value], parts), undefined);
}

function startFields(options: UploadOptions): StartFields {
  const { bucketId, fileName, contentType = 'b2/x-auto', fileInfo = {}, encryption } = options;
  const { fileRetention, legalHold, customUploadTimestamp } = options;
  // As the server stores them.
  const lower = Object.fromEntries(Object.entries(fileInfo).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    ...{ bucketId, fileName, contentType, fileInfo: withKeyId(lower, encryption) },
    ...(encryption === undefined ? {} : { serverSideEncryption: encryption }),
    ...(fileRetention === undefined ? {} : { fileRetention }),
    ...(legalHold === undefined ? {} : { legalHold }),
    ...(customUploadTimestamp === undefined ? {} : { customUploadTimestamp }),
  };
}

async function withWholeSha1(fields: StartFields, data: UploadBody, options: UploadOptions): Promise<StartFields> {
  if (options.wholeSha1 === false || largeFileSha1Info in fields.fileInfo) return fields;
  return { ...fields, fileInfo: { ...fields.fileInfo, [largeFileSha1Info]: await sha1Of(data, options.signal) } };
}

async function uploadSmall(
  { api }: FilesContext,
  fields: StartFields,
  body: UploadBody,
  { signal, onProgress }: UploadOptions,
): Promise<StoredFile> {
  const file = await api.uploadFile({ ...fields, body }, { signal });
  onProgress?.({ bytes: file.contentLength, total: file.contentLength });
  return file;
}

async function uploadPlaced(
  context: FilesContext,
  fields: StartFields,
  options: UploadOptions & { readonly data: UploadBody },
  partSize: number,
): Promise<StoredFile> {
  const { data, resume = false, signal } = options;
  const begun = resume ? await findUnfinished(context, fields, signal) : undefined;
  // With the parts cut as they were, the server has them already.
  const firstLength = begun?.parts.get(1)?.length ?? partSize;
  const size = sizeOf(data);
  const isUsable = firstLength < size && size / firstLength <= maxPartNumber;
  const cut = isUsable ? firstLength : partSize;
  const count = Math.ceil(size / cut);
  // Parts that the data does not have would be in the way when the file is finished.
  const known = begun !== undefined && Math.max(0, ...begun.parts.keys()) <= count ? begun : undefined;
  return uploadLarge(context, fields, options, placedParts(data, cut), known);
}

/** The parts that were read to learn whether the data is small, and the others behind them. */
async function* putBack(
  first: SourcePart[],
  others: AsyncGenerator<SourcePart, void>,
): AsyncGenerator<SourcePart, void> {
  try {
    // Each is let go when it is handed on.
    for (let part = first.shift(); part !== undefined; part = first.shift()) yield part;
    yield* others;
  } finally {
    await others.return();
  }
}

async function uploadLarge(
  context: FilesContext,
  fields: StartFields,
  options: UploadOptions,
  parts: Parts,
  begun: { readonly fileId: FileId; readonly parts: ReadonlyMap<number, StoredPart> } | undefined,
): Promise<StoredFile> {
  const { signal, resume = false } = options;
  const fileId = begun?.fileId ?? (await startOrEnd(context, fields, parts, signal));
  try {
    options.onLargeFile?.({ fileId, begun: begun === undefined, storedParts: begun?.parts.size ?? 0 });
    const sha1s = await uploadParts(context, fileId, fields, options, parts, begun?.parts ?? new Map());
    return await finishLargeFile(context, fileId, sha1s, { signal });
  } catch (error) {
    // The signal does not end this: otherwise what was begun would stay, and be paid for.
    if (!resume && !isInDoubt(error)) await context.api.cancelLargeFile({ fileId }).catch(() => undefined);
    throw error;
  }
}

/** Whether the file may be finished, in spite of the error. */
function isInDoubt(error: unknown): boolean {
  return ClientError.is(error) && error.operation === 'b2_finish_large_file' && error.mayHaveBeenDone;
}

async function startOrEnd(
  context: FilesContext,
  fields: StartFields,
  parts: Parts,
  signal: AbortSignal | undefined,
): Promise<FileId> {
  try {
    return await startLargeFile(context, fields, { signal });
  } catch (error) {
    await parts.return();
    throw error;
  }
}

/**
 * The parts with their SHA-1s, computed one after the other: the first part can be sent when it has been read, and not
 * only when all parts that are sent at the same time have been.
 */
async function* withSha1s(
  parts: Parts,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourcePart & { readonly sha1: string }, void> {
  for await (const part of parts) {
    if (part.number > maxPartNumber) {
      throw new ClientError('too_many_parts', `A file has no more than ${maxPartNumber} parts; make them larger`);
    }
    yield { ...part, sha1: await sha1Of(part.body, signal) };
  }
}

/** The SHA-1s of all parts, in their order. */
async function uploadParts(
  { api }: FilesContext,
  fileId: FileId,
  { serverSideEncryption }: StartFields,
  { data, parallel = 4, onProgress, signal }: UploadOptions,
  parts: Parts,
  stored: ReadonlyMap<number, StoredPart>,
): Promise<string[]> {
  const sha1s: string[] = [];
  // Parts of a file with SSE-B2 name no encryption: the file has it.
  const encryption = serverSideEncryption?.mode === 'SSE-C' ? { serverSideEncryption } : {};
  const total = isPlaced(data) ? sizeOf(data) : undefined;
  let bytes = 0;
  await inParallel(
    withSha1s(parts, signal),
    parallel,
    signal,
    async ({ number: partNumber, body, sha1 }, partSignal) => {
      const length = body instanceof Uint8Array ? body.length : body.size;
      const there = stored.get(partNumber);
      if (there?.sha1 !== sha1 || there.length !== length) {
        const contentSha1 = { kind: 'hex', sha1 } as const;
        await api.uploadPart({ fileId, partNumber, body, contentSha1, ...encryption }, { signal: partSignal });
      }
      sha1s[partNumber - 1] = sha1;
      bytes += length;
      onProgress?.({ bytes, total });
    },
  );
  return sha1s;
}
