import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Ledger } from '../ledger.ts';
import { startProgram, type ProgramOutcome, type ProgramRun } from '../program-run.ts';
import type { Random } from '../random.ts';
import type { CrashServer } from '../server.ts';
import { compareRestored } from './restored.ts';
import { snapshotOf, type Snapshot } from './snapshot.ts';

/** How long a killed backup may still count as under way, in milliseconds, with a margin for its last renewal. */
const leaseMs = 121_000;
/** The exit code of a command that cannot work because another one is at work. */
const inUse = 4;
/** One of so many backups is killed. */
const killedOf = 6;
/** How often a restore is killed at most before it is allowed to end. */
const restoreKills = 2;

/** A backup that is being taken. */
export interface BackupUnderWay {
  readonly run: ProgramRun;
  readonly snapshot: Snapshot;
  /** Set if it is killed. */
  readonly killer: NodeJS.Timeout | undefined;
}

/** A whole backup, and what has to be in it. */
interface TakenBackup {
  readonly path: string;
  readonly snapshot: Snapshot;
}

/** How often each of these came. */
export interface BackupCounts {
  taken: number;
  killed: number;
  /** Backups that were refused because a killed one still counted as under way. */
  refused: number;
  restored: number;
  restoresKilled: number;
}

/**
 * Takes backups of the store while it is in use, and kills some of them. Complete backups are restored, and the
 * restored store is compared.
 */
export class Backups {
  readonly counts: BackupCounts = { taken: 0, killed: 0, refused: 0, restored: 0, restoresKilled: 0 };
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #server: CrashServer;
  readonly #folder: string;
  #heldUntil = 0;
  #taken: TakenBackup | undefined;

  constructor(ledger: Ledger, random: Random, server: CrashServer) {
    this.#ledger = ledger;
    this.#random = random;
    this.#server = server;
    this.#folder = join(server.folder, 'backups');
    mkdirSync(this.#folder);
  }

  /** Whether blobs of removed files may still be there, because a killed backup counts as under way. */
  get mayKeepBlobs(): boolean {
    return Date.now() < this.#heldUntil;
  }

  begin(): BackupUnderWay {
    const snapshot = snapshotOf(this.#ledger);
    const run = startProgram(this.#server.keylessCommand('backup', this.#folder));
    const isKilled = this.#random.below(killedOf) === 0;
    return { run, snapshot, killer: isKilled ? setTimeout(run.kill, this.#soon()) : undefined };
  }

  /**
   * Waits for the end of a backup. It ends early if it was killed, or was refused because one that was killed before
   * still counts as under way.
   */
  async end({ run, snapshot, killer }: BackupUnderWay): Promise<void> {
    const { code, output, complaints } = await run.ended;
    clearTimeout(killer);
    if (code === null) {
      this.counts.killed++;
      this.#heldUntil = Date.now() + leaseMs;
    } else if (code === inUse && this.mayKeepBlobs) {
      this.counts.refused++;
    } else if (code === 0) {
      this.counts.taken++;
      this.#taken = { path: output.trim(), snapshot };
    } else {
      this.#ledger.violated(`backup ended with ${code}: ${complaints}`, 'backup');
    }
  }

  /**
   * Restores the last whole backup, unless that was done, killing the restore up to twice, and compares what a server
   * then has. Older backups are removed.
   */
  async restoreTaken(): Promise<void> {
    if (this.#taken === undefined) return;
    const { path, snapshot } = this.#taken;
    this.#taken = undefined;
    const restored = this.#server.besides(join(this.#server.folder, 'restored'));
    const outcome = await this.#restore(path, restored, this.#random.below(restoreKills + 1));
    if (outcome.code === 0) await compareRestored(this.#ledger, restored, snapshot);
    else this.#ledger.violated(`restore ended with ${outcome.code}: ${outcome.complaints}`, path);
    if (this.#ledger.problems.length > 0) return;
    this.counts.restored++;
    rmSync(restored.dataFolder, { recursive: true });
    for (const name of readdirSync(this.#folder))
      if (name < basename(path)) rmSync(join(this.#folder, name), { recursive: true });
  }

  /** Runs the restore, and runs it again as often as it is killed, `kills` times at most. */
  async #restore(path: string, restored: CrashServer, kills: number): Promise<ProgramOutcome> {
    const run = startProgram(restored.keylessCommand('restore', path));
    const killer = kills > 0 ? setTimeout(run.kill, this.#soon()) : undefined;
    const outcome = await run.ended;
    clearTimeout(killer);
    if (outcome.code !== null) return outcome;
    this.counts.restoresKilled++;
    return this.#restore(path, restored, kills - 1);
  }

  /** A random number of milliseconds, after which a command is starting or at work. */
  #soon(): number {
    return 250 + this.#random.below(500);
  }
}
