/** Lets those who work on the same id take turns, within this process. */
export class IdTurns {
  readonly #last = new Map<string, Promise<void>>();

  /** Calls `work` when all who came before for that id are done. */
  async take<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id) ?? Promise.resolve();
    const result = before.then(work);
    const done = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(id, done);
    try {
      return await result;
    } finally {
      if (this.#last.get(id) === done) this.#last.delete(id);
    }
  }
}
