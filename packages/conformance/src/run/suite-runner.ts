import type { CaseRunner } from './case-runner.ts';

/** A runner for a test framework, whose hook after the tests is called also if the one before them failed. */
export class SuiteRunner {
  #runner: CaseRunner | undefined;

  async open(opening: Promise<CaseRunner>): Promise<void> {
    this.#runner = await opening;
  }

  /** @throws AggregateError if it is not open. */
  get runner(): CaseRunner {
    if (this.#runner === undefined) throw new AggregateError([], 'The endpoint of the suite could not be opened.');
    return this.#runner;
  }

  /** Does nothing if it is not open. @throws AggregateError that names what could not be removed. */
  async close(): Promise<void> {
    const left = (await this.#runner?.close()) ?? [];
    if (left.length > 0) throw new AggregateError([], `The cases left something behind: ${left.join('; ')}`);
  }
}
