/**
 * The iterator of a stream that can also write its bytes into memory of its consumer, so that both sides go without
 * fresh memory for each piece. `next` and `fill` may take turns: each goes on where the other ended.
 *
 * @example
 * ```ts
 * const iterator = concatStreams([streamOf(new Uint8Array([1, 2])), [new Uint8Array([3])]])[Symbol.asyncIterator]();
 * assert.ok(canFill(iterator));
 * const target = new Uint8Array(2);
 * assert.equal(await iterator.fill(target), 2);
 * assert.deepEqual(target, new Uint8Array([1, 2]));
 * assert.equal(await iterator.fill(target), 1);
 * assert.equal(target[0], 3);
 * assert.equal(await iterator.fill(target), 0);
 * ```
 */
export interface FillingIterator extends AsyncIterator<Uint8Array, void> {
  /**
   * Writes the next bytes into `target`, from its beginning. Resolves to their number: at least one, and maybe fewer
   * than fit; 0 only when the stream has ended, or for a target without room. Anything may stand behind them in
   * `target` then. Until it resolves or rejects, `target` is the stream's; afterwards it is the consumer's alone again.
   * `return` does not take it away from the stream: a consumer that gives up waits for its `fill` all the same before
   * it uses the memory for something else.
   *
   * @throws what `next` would throw.
   */
  fill(target: Uint8Array): Promise<number>;
  return(): Promise<IteratorResult<Uint8Array, void>>;
}

/** Whether an iterator of a stream can write into its consumer's memory. */
export function canFill(iterator: AsyncIterator<Uint8Array, unknown>): iterator is FillingIterator {
  return typeof (iterator as Partial<FillingIterator>).fill === 'function';
}
