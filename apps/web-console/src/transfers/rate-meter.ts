/** Milliseconds that a rate is the mean of. */
const windowMs = 8_000;
/** Moves that are closer to each other than this count as one. */
const stepMs = 200;

/** How fast bytes move: the mean of the last seconds. */
export class RateMeter {
  #moves: { readonly at: number; bytes: number }[] = [];
  #since: number | undefined;

  /** Counts bytes that have moved by `now`, in milliseconds. */
  add(bytes: number, now: number): void {
    this.#since ??= now - stepMs;
    const last = this.#moves.at(-1);
    if (last !== undefined && now - last.at < stepMs) last.bytes += bytes;
    else this.#moves.push({ at: now, bytes });
    this.#forgetBefore(now - windowMs);
  }

  /** Bytes per second. */
  rate(now: number): number {
    this.#forgetBefore(now - windowMs);
    if (this.#since === undefined || this.#moves.length === 0) return 0;
    const bytes = this.#moves.reduce((sum, move) => sum + move.bytes, 0);
    return (bytes * 1_000) / Math.max(stepMs, Math.min(windowMs, now - this.#since));
  }

  /** Begins anew, after a pause. */
  reset(): void {
    this.#moves = [];
    this.#since = undefined;
  }

  #forgetBefore(time: number): void {
    const kept = this.#moves.findIndex(({ at }) => at >= time);
    this.#moves.splice(0, kept === -1 ? this.#moves.length : kept);
  }
}
