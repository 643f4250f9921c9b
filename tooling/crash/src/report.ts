import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BackupCounts } from './backups/backups.ts';
import type { Ledger } from './ledger.ts';
import { kindOf } from './operation.ts';

/** How long the phases of one round took, in milliseconds. */
export interface RoundTimes {
  readonly working: number;
  readonly restart: number;
  readonly verifying: number;
}

export interface RunFacts {
  readonly seed: number;
  readonly workers: number;
  readonly backups: Readonly<BackupCounts>;
}

/** The results of a run. */
export class Report {
  readonly #about: RunFacts;
  readonly #times: RoundTimes[] = [];
  readonly #inFlight = new Map<string, number>();

  /** @param about Goes into the report as it is at the end. */
  constructor(about: RunFacts) {
    this.#about = about;
  }

  get rounds(): number {
    return this.#times.length;
  }

  addRound(times: RoundTimes): void {
    this.#times.push(times);
  }

  /** Records what the server had not answered when it was killed. */
  addKill({ open }: Ledger): void {
    for (const operation of open) {
      const kind = kindOf(operation);
      this.#inFlight.set(kind, (this.#inFlight.get(kind) ?? 0) + 1);
    }
  }

  facts(ledger: Ledger) {
    return {
      ...this.#about,
      rounds: this.rounds,
      acknowledged: sum(ledger.acknowledged.values()),
      inFlightAtKill: sum(this.#inFlight.values()),
      refused: sum(ledger.refused.values()),
      versions: ledger.versions.size,
      violations: ledger.problems.length,
      acknowledgedByKind: sorted(ledger.acknowledged),
      inFlightByKind: sorted(this.#inFlight),
      refusals: sorted(ledger.refused),
      millisecondsPerRound: this.#perRound(),
    };
  }

  /** For a person. */
  print(ledger: Ledger): void {
    for (const problem of ledger.problems) console.error(problem);
    console.log(JSON.stringify(this.facts(ledger), undefined, 2));
  }

  /** For CI: `passed` counts rounds, `failed` violations. */
  write(path: string, ledger: Ledger): void {
    const failed = ledger.problems.length;
    mkdirSync(dirname(path), { recursive: true });
    const passed = failed === 0 ? this.rounds : this.rounds - 1;
    writeFileSync(path, `${JSON.stringify({ passed, failed, ...this.facts(ledger) }, undefined, 2)}\n`);
  }

  #perRound() {
    const mean = (phase: keyof RoundTimes): number =>
      Math.round(sum(this.#times.map((times) => times[phase])) / Math.max(1, this.rounds));
    const all = this.#times.map(({ working, restart, verifying }) => working + restart + verifying);
    return {
      mean: { working: mean('working'), restart: mean('restart'), verifying: mean('verifying') },
      longest: Math.round(Math.max(0, ...all)),
    };
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
}
