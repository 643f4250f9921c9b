import { canFill, pieceBuffers, type ByteStream, type FillingIterator } from '@coffer/bytes';

/** The bytes of a stream, in runs of whole units: chunks, or sealed chunks. */
export interface ChunkInput {
  /**
   * The next units that lie one behind the other in memory, at least one and at most `most`. At the stream's end: what
   * is left, which is shorter than a unit and may be empty. The same again until `take` is called; valid until the
   * `run` after that.
   */
  run(most: number): Promise<Uint8Array>;
  /** Goes on behind so many bytes of the last run, which are whole units or all of it. */
  take(length: number): void;
  /** Lets go of the stream, also while a run is waited for; runs are no longer valid then. */
  end(): Promise<void>;
}

/** The input made of a stream, which this begins. `lead`: bytes before the first unit, which are the first run. */
export function chunkInput(stream: ByteStream, unit: number, lead = 0): ChunkInput {
  const iterator = stream[Symbol.asyncIterator]();
  return canFill(iterator) ? new FilledInput(iterator, unit, lead) : new PieceInput(iterator, unit, lead);
}

const nothing = new Uint8Array(0);

/**
 * Of pieces as they come. Units that lie inside one piece are handed on without a copy; one that does not is put
 * together in a buffer, so at most one unit and one piece are held.
 */
class PieceInput implements ChunkInput {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #unit: number;
  /** Bytes of the lead that have not been taken. */
  #lead: number;
  /** What has not been taken of the last piece. */
  #piece: Uint8Array = nothing;
  /** A unit that is put together, and how much of it is there. */
  #buffer: Uint8Array | undefined;
  #held = 0;
  #sourceEnded = false;
  #over = false;

  constructor(pieces: AsyncIterator<Uint8Array>, unit: number, lead: number) {
    this.#pieces = pieces;
    this.#unit = unit;
    this.#lead = lead;
  }

  async run(most: number): Promise<Uint8Array> {
    for (;;) {
      if (this.#over) return nothing;
      const there = this.#there(most);
      if (there !== undefined) return there;
      const next = await this.#pieces.next();
      if (next.done === true) this.#sourceEnded = true;
      else this.#add(next.value);
    }
  }

  take(length: number): void {
    // A run of what was put together is one unit, and taken whole.
    if (this.#held > 0) this.#held = 0;
    else this.#piece = this.#piece.subarray(length);
    this.#lead = 0;
  }

  async end(): Promise<void> {
    this.#over = true;
    this.#piece = nothing;
    this.#held = 0;
    if (!this.#sourceEnded) await this.#pieces.return?.();
  }

  get #size(): number {
    return this.#lead > 0 ? this.#lead : this.#unit;
  }

  /** A run of what is there already; undefined if more has to come first. */
  #there(most: number): Uint8Array | undefined {
    const size = this.#size;
    if (this.#held > 0) {
      const held = this.#buffer?.subarray(0, this.#held) ?? nothing;
      return held.length === size || this.#sourceEnded ? held : undefined;
    }
    const units = this.#lead > 0 ? 1 : most;
    if (this.#piece.length >= size) {
      const length = Math.min(Math.floor(this.#piece.length / size), units) * size;
      return this.#piece.subarray(0, length);
    }
    return this.#sourceEnded ? this.#piece : undefined;
  }

  /** Only called while less than a unit is there. */
  #add(piece: Uint8Array): void {
    if (this.#held === 0 && this.#piece.length === 0) {
      this.#piece = piece;
      return;
    }
    if (this.#held === 0) this.#hold(this.#piece);
    const more = piece.subarray(0, this.#size - this.#held);
    this.#hold(more);
    this.#piece = piece.subarray(more.length);
  }

  #hold(bytes: Uint8Array): void {
    this.#buffer ??= new Uint8Array(this.#unit);
    this.#buffer.set(bytes, this.#held);
    this.#held += bytes.length;
  }
}

/**
 * Of a stream that fills: into two buffers of the pool, one of which is filled while the units in the other are worked
 * on. Each is filled with whole units, so no unit lies in both.
 */
class FilledInput implements ChunkInput {
  readonly #source: FillingIterator;
  readonly #unit: number;
  #lead: number;
  #current: Filled = { buffer: undefined, bytes: nothing };
  /** The buffer that is being filled. */
  #ahead: Promise<Filled> | undefined;
  #sourceEnded = false;
  #over = false;

  constructor(source: FillingIterator, unit: number, lead: number) {
    this.#source = source;
    this.#unit = unit;
    this.#lead = lead;
  }

  async run(most: number): Promise<Uint8Array> {
    if (this.#over) return nothing;
    if (this.#current.bytes.length === 0 && !this.#sourceEnded) await this.#advance();
    if (this.#isOver()) return nothing;
    const { bytes } = this.#current;
    if (this.#lead > 0) return bytes.subarray(0, this.#lead);
    const units = Math.min(Math.floor(bytes.length / this.#unit), most);
    return units > 0 ? bytes.subarray(0, units * this.#unit) : bytes;
  }

  take(length: number): void {
    this.#current = { ...this.#current, bytes: this.#current.bytes.subarray(length) };
    this.#lead = 0;
  }

  async end(): Promise<void> {
    this.#over = true;
    this.#release(this.#current);
    this.#current = { buffer: undefined, bytes: nothing };
    // What is being filled is the stream's until that has ended.
    const ahead = this.#ahead;
    this.#ahead = undefined;
    try {
      if (!this.#sourceEnded || ahead !== undefined) await this.#source.return();
    } finally {
      const filled = await ahead?.catch(() => undefined);
      if (filled !== undefined) this.#release(filled);
    }
  }

  #isOver(): boolean {
    return this.#over;
  }

  async #advance(): Promise<void> {
    const ahead = this.#ahead ?? this.#fill(this.#lead);
    this.#ahead = ahead;
    const filled = await ahead;
    if (this.#over) return;
    this.#release(this.#current);
    this.#current = filled;
    this.#sourceEnded = filled.bytes.length === 0 || filled.isLast === true;
    this.#ahead = this.#sourceEnded ? undefined : this.#fill(0);
    // Not an unhandled rejection: the failure is reported when the units are asked for.
    this.#ahead?.catch(() => undefined);
  }

  /** A buffer with as many whole units as it has room for, behind the lead; fewer bytes only at the stream's end. */
  async #fill(lead: number): Promise<Filled> {
    const buffer = pieceBuffers.take();
    const wanted = lead + Math.max(1, Math.floor((buffer.length - lead) / this.#unit)) * this.#unit;
    try {
      let used = 0;
      while (used < wanted) {
        const count = await this.#source.fill(buffer.subarray(used, wanted));
        if (count === 0) break;
        used += count;
      }
      return { buffer, bytes: buffer.subarray(0, used), isLast: used < wanted };
    } catch (error) {
      pieceBuffers.give(buffer);
      throw error;
    }
  }

  #release({ buffer }: Filled): void {
    if (buffer !== undefined) pieceBuffers.give(buffer);
  }
}

/** A buffer of the pool, and what of it has not been taken. */
interface Filled {
  readonly buffer: Uint8Array | undefined;
  readonly bytes: Uint8Array;
  /** Whether the stream has ended behind these bytes. */
  readonly isLast?: boolean;
}
