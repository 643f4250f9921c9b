import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { textIn } from './answer.ts';
import { Backups } from './backups/backups.ts';
import { Client } from './client.ts';
import { Ledger } from './ledger.ts';
import type { Options } from './options.ts';
import { createRandom, type Random } from './random.ts';
import { Report } from './report.ts';
import { S3Client } from './s3/s3-client.ts';
import { compareOverS3 } from './s3/compare.ts';
import { CrashServer } from './server.ts';
import { readEverything } from './verify/reading.ts';
import { compareBlobs } from './verify/stored-blobs.ts';
import { verify } from './verify/verify.ts';
import { verifyStore } from './verify/whole-store.ts';
import { startWork } from './workload.ts';
import type { Workplace } from './workplace.ts';

const connections = { b2: 6, s3: 3 };
const bucketName = 'crash-files';
/** Milliseconds of work before a kill. */
const earliest = 50;
const latest = 600;
/** Additional milliseconds in a round with a backup, so that the backup has begun its work. */
const backupStart = 400;

/** One data directory and its rounds of work, kill, restart and comparison. */
export class CrashRun {
  readonly ledger = new Ledger();
  readonly report: Report;
  readonly #random: Random;
  readonly #server: CrashServer;
  readonly #backups: Backups;
  readonly #backupEvery: number | undefined;
  #place: Workplace | undefined;

  /** @param folder Empty; gets the data, the keyring and the server's log. */
  constructor(folder: string, { seed, workers, backupEvery }: Omit<Options, 'rounds' | 'json'>) {
    this.#random = createRandom(seed);
    this.#server = new CrashServer(folder, workers);
    this.#backups = new Backups(this.ledger, this.#random, this.#server);
    this.#backupEvery = backupEvery;
    this.report = new Report({ seed, workers, backups: this.#backups.counts });
  }

  /** Whether nothing has been violated so far. */
  get holds(): boolean {
    return this.ledger.problems.length === 0;
  }

  get progress(): string {
    const { acknowledged, inFlightAtKill, versions, violations } = this.report.facts(this.ledger);
    const { restored } = this.#backups.counts;
    return (
      `${acknowledged} acknowledged, ${inFlightAtKill} in flight at the kills, ${versions} versions there, ` +
      `${restored} backups restored, ${violations} violations`
    );
  }

  async begin(): Promise<void> {
    const { origin, credentials, s3 } = await this.#server.start();
    const client = await Client.open(origin, credentials);
    const { accountId } = client;
    const fields = { accountId, bucketName, bucketType: 'allPrivate' };
    const bucketId = textIn(await client.call('b2_create_bucket', fields), 'bucketId');
    const s3Client = new S3Client(origin, bucketName, s3);
    this.#place = { client, s3: s3Client, ledger: this.ledger, random: this.#random, bucketId };
  }

  /** Violations go into the ledger. @throws Error if the server does not come up again, or ended by itself. */
  async round(): Promise<void> {
    this.ledger.round++;
    const began = performance.now();
    await this.#workAndKill();
    const killed = performance.now();
    const { mayKeepBlobs } = this.#backups;
    await this.#restart();
    const restarted = performance.now();
    await compareBlobs(this.ledger, this.#server.dataFolder, mayKeepBlobs);
    // Both only read, and most of the time one of them waits.
    await Promise.all([verifyStore(this.ledger, this.#server), verify(this.#at())]);
    const verified = performance.now();
    this.report.addRound({ working: killed - began, restart: restarted - killed, verifying: verified - restarted });
  }

  /** Reads everything once more and stops the server. */
  async end(): Promise<void> {
    if (this.holds) await readEverything(this.#at());
    if (this.holds) await compareOverS3(this.#at(), 'everything');
    await this.#server.stop();
    if (this.holds) await this.#backups.restoreTaken();
  }

  async #workAndKill(): Promise<void> {
    const work = startWork(this.#at(), connections);
    const backup = this.#isBackupRound() ? this.#backups.begin() : undefined;
    await pause(earliest + this.#random.below(latest - earliest) + (backup === undefined ? 0 : backupStart));
    work.expectEnd();
    await this.#server.kill();
    await work.ended;
    this.report.addKill(this.ledger);
    // Restores the backup of an earlier round: now the ledger knows everything that became of its content. No
    // connection is open meanwhile, since the server would close one that idles for a minute.
    await this.#backups.restoreTaken();
    if (backup !== undefined) await this.#backups.end(backup);
  }

  #isBackupRound(): boolean {
    return this.#backupEvery !== undefined && this.ledger.round % this.#backupEvery === 0;
  }

  async #restart(): Promise<void> {
    const { origin, credentials, s3 } = await this.#server.start();
    const client = await Client.open(origin, credentials);
    this.#place = { ...this.#at(), client, s3: new S3Client(origin, bucketName, s3) };
  }

  #at(): Workplace {
    if (this.#place === undefined) throw new Error('The run has not begun');
    return this.#place;
  }
}
