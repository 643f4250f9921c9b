import type { ByteRange, ByteStream } from '@coffer/bytes';
import { CHUNK_LENGTH, HEADER_LENGTH, SEALED_CHUNK_LENGTH, chunkIndexAt } from './blob-layout.ts';
import { openedLength, type ChunkCipher } from './chunk-cipher.ts';
import { chunkInput, type ChunkInput } from './chunk-input.ts';
import type { ChunkRun, ChunkWork } from './chunk-stream.ts';
import { EnvelopeError } from './envelope-error.ts';

/** Where sealed chunks come from: a whole blob as a stream, or the part of a stored one that a range needs. */
export type SealedSource =
  | { readonly whole: ByteStream }
  | {
      /** Exactly these stored bytes. */
      readonly read: (stored: ByteRange) => ByteStream | Promise<ByteStream>;
      /** The stored chunks that cover the range. */
      readonly stored: ByteRange;
      /** Of the plaintext. */
      readonly range: ByteRange;
    };

/** Opens chunks as they are asked for. The cipher is made when the header is there: that of the blob or a refusal. */
export class Opening implements ChunkWork {
  readonly #source: SealedSource;
  readonly #cipherFor: (header: Uint8Array) => ChunkCipher;
  #cipher: ChunkCipher | undefined;
  #input: ChunkInput | undefined;
  /** The place of the next chunk. */
  #index: number;
  /** Plaintext bytes to leave out at the beginning, and to hand out from there on. */
  #skip: number;
  #left: number;
  /** Stored bytes still to come; Infinity where only the stream's end tells. */
  #missing: number;
  #over = false;

  constructor(source: SealedSource, cipherFor: (header: Uint8Array) => ChunkCipher) {
    this.#source = source;
    this.#cipherFor = cipherFor;
    const isWhole = 'whole' in source;
    this.#index = isWhole ? 0 : chunkIndexAt(source.range.start);
    this.#skip = isWhole ? 0 : source.range.start % CHUNK_LENGTH;
    this.#left = isWhole ? Infinity : source.range.length;
    this.#missing = isWhole ? Infinity : source.stored.length;
  }

  async next(most: number): Promise<ChunkRun | undefined> {
    if (this.#over) return undefined;
    if (this.#cipher === undefined) await this.#begin();
    const [cipher, input] = [this.#cipher, this.#input];
    if (cipher === undefined || input === undefined || this.#isOver()) return undefined;
    if (this.#missing === 0) return this.#requireEnd(input);
    const run = await input.run(most);
    // Of an input that was ended meanwhile nothing comes, which says nothing of the blob.
    if (this.#isOver()) return undefined;
    const sealed = this.#usable(run);
    const opened = openedLength(this.#index, sealed.length);
    if (opened > 0) return this.#runOf(cipher, input, sealed, opened);
    // An empty last chunk gives no byte, but says that the blob ends here.
    cipher.open(this.#index, sealed, new Uint8Array(0));
    this.#over = true;
    return undefined;
  }

  async end(): Promise<void> {
    this.#over = true;
    this.#cipher?.discard();
    await this.#input?.end();
  }

  /** Reads the header and makes the cipher; chunks elsewhere than behind the header are asked for when it was right. */
  async #begin(): Promise<void> {
    const source = this.#source;
    if ('whole' in source) return this.#headed(source.whole);
    const { read, stored } = source;
    if (stored.start === HEADER_LENGTH)
      return this.#headed(await read({ start: 0, length: stored.start + stored.length }));
    await this.#headed(await read({ start: 0, length: HEADER_LENGTH }));
    await this.#input?.end();
    if (stored.length > 0 && !this.#over) await this.#use(chunkInput(await read(stored), SEALED_CHUNK_LENGTH));
  }

  /** Makes it the input, or ends it where this was left while it was opened. */
  async #use(input: ChunkInput): Promise<void> {
    this.#input = input;
    if (this.#over) await input.end();
  }

  async #headed(stream: ByteStream): Promise<void> {
    const input = chunkInput(stream, SEALED_CHUNK_LENGTH, HEADER_LENGTH);
    await this.#use(input);
    const header = await input.run(1);
    // As above; and a cipher that is made after the end would never be discarded.
    if (this.#over) return;
    this.#cipher = this.#cipherFor(header);
    input.take(header.length);
  }

  /** What of a run can be opened next: all of it, or the part of it that a range has use for. */
  #usable(run: Uint8Array): Uint8Array {
    if (run.length > this.#missing) throw tooMuch();
    if (this.#missing !== Infinity && run.length < Math.min(this.#missing, SEALED_CHUNK_LENGTH))
      throw new EnvelopeError('not_authentic', `The blob ended ${this.#missing - run.length} bytes too early`);
    // The first and the last chunk of a range may be wanted in part only, and such a one comes alone.
    const whole = this.#skip > 0 ? 1 : Math.max(1, Math.floor(this.#left / CHUNK_LENGTH));
    return run.subarray(0, whole * SEALED_CHUNK_LENGTH);
  }

  #runOf(cipher: ChunkCipher, input: ChunkInput, sealed: Uint8Array, opened: number): ChunkRun {
    const skip = this.#skip;
    const length = Math.min(opened - skip, this.#left);
    return {
      length,
      into: (target) => {
        if (length === opened) cipher.open(this.#index, sealed, target);
        else {
          const plaintext = new Uint8Array(opened);
          cipher.open(this.#index, sealed, plaintext);
          target.set(plaintext.subarray(skip, skip + length));
        }
        input.take(sealed.length);
        this.#index += Math.ceil(sealed.length / SEALED_CHUNK_LENGTH);
        this.#skip = 0;
        this.#left -= length;
        this.#missing -= sealed.length;
        // The last chunk of a blob is always short, so one that ends with a full one was cut off.
        if (this.#missing === Infinity) this.#over = sealed.length % SEALED_CHUNK_LENGTH !== 0;
      },
    };
  }

  async #requireEnd(input: ChunkInput): Promise<undefined> {
    if ((await input.run(1)).length > 0) throw tooMuch();
    this.#over = true;
    return undefined;
  }

  #isOver(): boolean {
    return this.#over;
  }
}

function tooMuch(): EnvelopeError {
  return new EnvelopeError('not_authentic', 'More of the blob was read than was asked for');
}
