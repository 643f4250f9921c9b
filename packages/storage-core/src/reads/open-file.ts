import {
  concatStreams,
  coverPieces,
  followStream,
  type ByteRange,
  type ByteStream,
  type SecretBytes,
  type StreamPart,
} from '@coffer/bytes';
import {
  openBlobBytes,
  openBlobRange,
  type BlobContext,
  type BlobSource,
  type ExpectedBlob,
  type SealedPart,
} from '@coffer/envelope-crypto';
import { checkReadParameters, type EncryptionRequest } from '@coffer/sse-schema';
import type { FileVersionRecord } from '@coffer/storage-ports';
import { storedBlob } from './blob-source.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { isCustomerKeyOf, unwrapFileKey } from '../encryption/file-encryption.ts';
import { requireGenuine } from '../records/file-parts.ts';
import { endsOf, readFailure } from './genuine-parts.ts';
import { plainBytes, plainRange } from './plain-blob.ts';
import type { OpenFile } from '../services/storage.ts';

/** `ReadService.open`. */
export async function openFile(core: Core, version: FileVersionRecord, request?: EncryptionRequest): Promise<OpenFile> {
  requireReadable(core, version, request);
  try {
    const parts = await requireGenuine(core, version);
    return new OpenedFile(core, version, parts, await unwrapFileKey(core, version.encryption, request, version));
  } catch (error) {
    throw await readFailure(core, version.fileId, error);
  }
}

/**
 * Refuses what can be refused without the global keys: a version without data, and a customer key that is missing,
 * superfluous or wrong.
 */
function requireReadable(core: Core, version: FileVersionRecord, request: EncryptionRequest | undefined): void {
  if (version.action !== 'upload') throw failures.fileMissing();
  const { encryption } = version;
  const lenient = core.options.ignoreUnneededCustomerKey;
  const violation = checkReadParameters(encryption.mode, request, { lenient });
  if (violation !== undefined) throw failures.sse(violation);
  if (encryption.mode !== 'SSE-C' || request?.mode !== 'SSE-C') return;
  const isRight = isCustomerKeyOf(encryption, request.customerKey.key, version.fileId, core.engine?.keys);
  if (!isRight) throw failures.customerKeyWrong();
}

class OpenedFile implements OpenFile {
  readonly version: FileVersionRecord;
  readonly #core: Core;
  readonly #parts: readonly SealedPart[];
  readonly #fileKey: SecretBytes | null;
  #reading = 0;
  #closed = false;

  constructor(core: Core, version: FileVersionRecord, parts: readonly SealedPart[], fileKey: SecretBytes | null) {
    this.#core = core;
    this.version = version;
    this.#parts = parts;
    this.#fileKey = fileKey;
  }

  read(range: ByteRange, signal?: AbortSignal): ByteStream {
    this.#requireOpen();
    if (!(range.start >= 0 && range.length >= 0 && range.start + range.length <= this.version.size))
      throw new RangeError(`${range.length} bytes from ${range.start} are not within ${this.version.size}`);
    return this.#read(range, signal);
  }

  close(): void {
    this.#closed = true;
    this.#forgetKey();
  }

  #read(range: ByteRange, signal: AbortSignal | undefined): ByteStream {
    return followStream(concatStreams(this.#streams(range, signal)), {
      onBytes: () => {
        signal?.throwIfAborted();
        return undefined;
      },
      mapError: (error) => readFailure(this.#core, this.version.fileId, error),
    });
  }

  /**
   * Counts as a reader only from the first pull on, so that a stream that nobody begins does not keep the file key in
   * memory.
   */
  async *#streams(range: ByteRange, signal: AbortSignal | undefined): AsyncGenerator<StreamPart, void> {
    signal?.throwIfAborted();
    this.#requireOpen();
    this.#reading++;
    try {
      for (const piece of this.#covered(range)) yield await this.#readPart(piece.part, piece.range);
    } finally {
      this.#reading--;
      this.#forgetKey();
    }
  }

  /** The parts that have bytes of the range; for an empty range one of them, so that its blob is checked. */
  #covered(range: ByteRange): { readonly part: SealedPart; readonly range: ByteRange }[] {
    const [first] = this.#parts;
    if (range.length === 0) return first === undefined ? [] : [{ part: first, range: { start: 0, length: 0 } }];
    return coverPieces(endsOf(this.#parts), range).flatMap((piece) => {
      const part = this.#parts[piece.index];
      return part === undefined ? [] : [{ part, range: piece.range }];
    });
  }

  async #readPart(part: SealedPart, range: ByteRange): Promise<StreamPart> {
    const blob = await storedBlob(this.#core, part.blobId);
    return blob.inline === undefined
      ? this.#fromSource(blob.source, part, range)
      : this.#inline(blob.inline, part, range);
  }

  #inline(bytes: Uint8Array, part: SealedPart, range: ByteRange): StreamPart {
    if (this.#fileKey === null) return plainBytes(bytes, part, range);
    const { engine } = this.#core;
    return openBlobBytes(bytes, this.#fileKey, this.#contextOf(part), expectedBlob(part), range, { engine });
  }

  async #fromSource(source: BlobSource, part: SealedPart, range: ByteRange): Promise<StreamPart> {
    if (this.#fileKey === null) return plainRange(source, part, range, this.#core.digests);
    const { engine } = this.#core;
    return openBlobRange(source, this.#fileKey, this.#contextOf(part), expectedBlob(part), range, { engine });
  }

  #contextOf({ partNumber }: SealedPart): BlobContext {
    return { fileId: this.version.fileId, partNumber };
  }

  #requireOpen(): void {
    if (this.#closed) throw failures.fileClosed();
  }

  #forgetKey(): void {
    if (this.#closed && this.#reading === 0) this.#fileKey?.wipe();
  }
}

function expectedBlob({ size, blobCheck }: SealedPart): ExpectedBlob {
  return { plaintextLength: size, commitment: blobCheck };
}
