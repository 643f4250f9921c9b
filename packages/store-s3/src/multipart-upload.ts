import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import { crc32 } from 'node:zlib';
import { lookAt, writeMark, type ObjectFacts } from './object-facts.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure } from './s3-failure.ts';

/** S3 has numbers for so many parts. */
export const mostParts = 10_000;

/** An object that is being put together. */
export class MultipartUpload {
  readonly #context: S3Context;
  readonly #key: string;
  readonly #mark: string;
  readonly #uploadId: string;
  readonly #parts: CompletedPart[] = [];

  private constructor(context: S3Context, key: string, mark: string, uploadId: string) {
    this.#context = context;
    this.#key = key;
    this.#mark = mark;
    this.#uploadId = uploadId;
  }

  /** `hasChecksums`: whether each part comes with one. @throws S3Failure */
  static async begin(context: S3Context, key: string, mark: string, hasChecksums: boolean): Promise<MultipartUpload> {
    const command = new CreateMultipartUploadCommand({
      Bucket: context.bucket,
      Key: key,
      Metadata: { [writeMark]: mark },
      ...(hasChecksums && { ChecksumAlgorithm: 'CRC32' }),
    });
    // No signal gives this up half way: an upload whose id nobody has learnt stays until the next sweep.
    const { UploadId: id } = await context.calls.send((client, options) => client.send(command, options), {
      isWrite: true,
    });
    if (id === undefined) throw new S3Failure('refused', 'an answer without the id of the upload');
    return new MultipartUpload(context, key, mark, id);
  }

  get partCount(): number {
    return this.#parts.length;
  }

  /** Sends the next part. @throws S3Failure, or the signal's reason. */
  async addPart(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const number = this.#parts.length + 1;
    const checksum = checksumOf(this.#context, bytes);
    const command = new UploadPartCommand({ ...this.#names(), PartNumber: number, Body: bytes, ...checksum });
    const { ETag: etag } = await this.#context.calls.send((client, options) => client.send(command, options), {
      isLong: true,
      isWrite: true,
      signal,
    });
    this.#add(etag, checksum);
  }

  /** Has the store copy the next part from another object. `range`: as the header has it. @throws S3Failure */
  async copyPart(source: string, range: string): Promise<void> {
    const command = new UploadPartCopyCommand({
      ...this.#names(),
      PartNumber: this.#parts.length + 1,
      CopySource: source,
      CopySourceRange: range,
    });
    const { CopyPartResult: copied } = await this.#context.calls.send(
      (client, options) => client.send(command, options),
      { isLong: true, isWrite: true },
    );
    this.#add(copied?.ETag);
  }

  #add(etag: string | undefined, checksum: { readonly ChecksumCRC32?: string } = {}): void {
    if (etag === undefined) throw new S3Failure('refused', 'an answer without the ETag of the part');
    this.#parts.push({ PartNumber: this.#parts.length + 1, ETag: etag, ...checksum });
  }

  /**
   * Puts the object together, of `length` bytes, unless there is one already.
   *
   * @throws S3Failure `precondition` if there is another object; any other.
   */
  async complete(length: number, isConditional: boolean): Promise<void> {
    const command = new CompleteMultipartUploadCommand({
      ...this.#names(),
      MultipartUpload: { Parts: this.#parts },
      ...(isConditional && { IfNoneMatch: '*' }),
    });
    const findOut = async (failure: S3Failure) => {
      // After these, the object may be there: a second request after one that succeeded gets "no such upload".
      if (!['precondition', 'missing_upload', 'missing', 'missing_key'].includes(failure.kind) && !failure.isPassing)
        return undefined;
      const there = await this.#lookAtObject();
      if (there === undefined) return undefined;
      if (there.mark === this.#mark) return {};
      throw new S3Failure('precondition', 'there is another object');
    };
    await this.#context.calls.send<object>((client, options) => client.send(command, options), {
      isLong: true,
      isWrite: true,
      findOut,
    });
    const there = await this.#lookAtObject();
    if (there?.mark === this.#mark && there.length === length) return;
    throw new S3Failure('damaged', 'it put together something else than its parts');
  }

  /** Has the store forget the parts. What cannot be removed now is swept later. */
  async abort(): Promise<void> {
    const command = new AbortMultipartUploadCommand(this.#names());
    await this.#context.calls.send((client, options) => client.send(command, options)).catch(() => undefined);
  }

  #lookAtObject(): Promise<ObjectFacts | undefined> {
    return lookAt(this.#context, this.#key);
  }

  #names() {
    return { Bucket: this.#context.bucket, Key: this.#key, UploadId: this.#uploadId };
  }
}

/** The parameter with which a store checks what it receives; none for a store that has no checksums. */
export function checksumOf(
  { abilities }: Pick<S3Context, 'abilities'>,
  bytes: Uint8Array,
): { readonly ChecksumCRC32?: string } {
  if (!abilities.checksums) return {};
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return { ChecksumCRC32: checksum.toString('base64') };
}
