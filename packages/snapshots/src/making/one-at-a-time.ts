/**
 * Does one piece of work at a time, in the order in which it was asked for. So whoever asks for one piece after the
 * other takes turns with everybody else who does.
 */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    // A failure is told to whoever asked for the work, and to nobody who comes after.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
