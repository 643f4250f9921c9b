/** Runs what it is given one after the other, in the order in which it was given. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as `act` does. One that fails keeps none behind it from its turn. */
  take<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
