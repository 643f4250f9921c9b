import type { ConformanceCase } from '../model/case.ts';
import type { MadeThing } from '../model/made-thing.ts';
import type { Profile } from '../model/feature.ts';
import { countOutcomes, type CaseResult, type Report } from '../report/report.ts';
import { suiteVersion } from '../report/suite-version.ts';
import { deviationOf, type Target } from '../target/target.ts';
import type { Journal } from './journal.ts';

/** What a state begins with. */
export interface StateStart {
  readonly target: Target;
  readonly profile: Profile;
  /** That are to have a result in the end. */
  readonly cases: readonly ConformanceCase[];
  /** The report that is taken up, of which only results that stay are left. */
  readonly earlier: Report | undefined;
  /** Keeps a report where it survives the process. */
  readonly keep: ((report: Report) => Promise<void>) | undefined;
}

/** Between two results with which the state is kept. */
const resultsPerSave = 20;

/** What is known of a run while it goes on: a report at any time, and the journal of what it makes. */
export class RunState implements Journal {
  readonly #start: StateStart;
  readonly #results: Map<string, CaseResult>;
  readonly #made: Map<string, MadeThing>;
  readonly #started = new Date();
  readonly #begun = performance.now();
  #unsaved = 0;
  #saving: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  /** Names what could not be removed up to now. */
  leftBehind: () => readonly string[] = () => [];

  constructor(start: StateStart) {
    this.#start = start;
    this.#results = new Map(start.earlier?.results.map((result) => [result.id, result]));
    this.#made = new Map(start.earlier?.made.map((thing) => [thing.name, thing]));
  }

  async plan(thing: MadeThing): Promise<void> {
    this.#made.set(thing.name, thing);
    await this.save();
  }

  gone(name: string): void {
    this.#made.delete(name);
  }

  has({ id }: ConformanceCase): boolean {
    return this.#results.has(id);
  }

  async add(result: CaseResult): Promise<void> {
    this.#results.set(result.id, result);
    if (++this.#unsaved >= resultsPerSave) await this.save();
  }

  /** Keeps what is known now. Calls while the state is being kept share the next time that it is. */
  save(): Promise<void> {
    const { keep } = this.#start;
    if (keep === undefined) return Promise.resolve();
    if (this.#next !== undefined) return this.#next;
    const next = this.#saving.then(() => {
      this.#next = undefined;
      this.#unsaved = 0;
      return keep(this.report());
    });
    this.#next = next;
    // Whoever asked hears of the error; the next time is tried all the same.
    this.#saving = next.catch(() => undefined);
    return next;
  }

  /** In the order of the cases, then those results of the earlier report that no case of this run has. */
  report(): Report {
    const { target, profile, cases, earlier } = this.#start;
    const asked = cases.map(({ id }) => this.#results.get(id)).filter((result) => result !== undefined);
    const ids = new Set(cases.map(({ id }) => id));
    const results = [...asked, ...[...this.#results.values()].filter(({ id }) => !ids.has(id))];
    return {
      format: 1,
      suiteVersion,
      target: target.name,
      profile,
      started: earlier?.started ?? this.#started.toISOString(),
      milliseconds: Math.round(performance.now() - this.#begun) + (earlier?.milliseconds ?? 0),
      counts: countOutcomes(results),
      results,
      notRun: cases.length - asked.length,
      passedDeviations: results
        .filter(({ id, outcome }) => outcome === 'pass' && deviationOf(target, id) !== undefined)
        .map(({ id }) => id),
      leftBehind: [...this.leftBehind()],
      made: [...this.#made.values()],
    };
  }
}
