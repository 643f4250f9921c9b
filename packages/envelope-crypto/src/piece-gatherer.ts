/** Pieces handed on are of about this size: one per chunk costs a consumer such as a disk noticeably more. */
const pieceLength = 65_536;

/** Gathers small runs of bytes into pieces of about 64 KiB. */
export class PieceGatherer {
  #runs: Uint8Array[] = [];
  #length = 0;

  /** Adds bytes, which must not change until they were taken. */
  add(...runs: readonly Uint8Array[]): void {
    for (const run of runs) {
      this.#runs.push(run);
      this.#length += run.length;
    }
  }

  /** Whether there is enough to hand on. */
  get full(): boolean {
    return this.#length >= pieceLength;
  }

  get empty(): boolean {
    return this.#length === 0;
  }

  /** Everything gathered, as one piece in memory of its own, and starts afresh. */
  take(): Uint8Array {
    // Buffer's shared pool would let a consumer of `.buffer` see its neighbours; zeroing what is overwritten anyway costs time.
    const piece = Buffer.allocUnsafeSlow(this.#length);
    let offset = 0;
    for (const run of this.#runs) {
      piece.set(run, offset);
      offset += run.length;
    }
    this.#runs = [];
    this.#length = 0;
    return new Uint8Array(piece.buffer);
  }
}
