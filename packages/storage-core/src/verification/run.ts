import { keys } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import type {
  Finding,
  VerificationCounts,
  VerificationCursor,
  VerificationOptions,
  VerificationRun,
} from '../services/verification.ts';
import type { Fault } from './findings.ts';
import { DamagedRow } from './row-reader.ts';
import { stagesOf, type Stage } from './stages.ts';
import { Verifier, noCounts } from './verifier.ts';

/**
 * The share of the work that is done when all records but those of versions and parts were checked; and when all of
 * these were checked, too.
 */
const recordShare = 0.1;
const lastShare = 0.99;

/** One run over all that is stored. */
export class Run implements VerificationRun {
  readonly #verifier: Verifier;
  readonly #stages: readonly Stage[];
  readonly #bucketId: string | null;
  #current: Stage | undefined;
  #cursor: VerificationCursor;

  constructor(core: Core, options: VerificationOptions) {
    this.#bucketId = options.bucketId ?? null;
    this.#stages = stagesOf(this.#bucketId);
    const tables = new Set(this.#stages.flatMap(({ table }) => (table === null ? [] : [table])));
    this.#verifier = new Verifier(core, tables, options);
    this.#current = this.#stages.find(({ name }) => name === options.from?.stage) ?? this.#stages[0];
    const beginning = { stage: this.#current?.name ?? '', after: '', bucketId: this.#bucketId, counts: noCounts };
    this.#cursor = options.from ?? beginning;
  }

  get cursor(): VerificationCursor {
    return this.#cursor;
  }

  get counts(): VerificationCounts {
    return { ...this.#verifier.counts };
  }

  get stage(): VerificationRun['stage'] {
    const before = this.#stages.findIndex((stage) => stage === this.#current);
    return { name: this.#current?.name ?? '', number: before, of: this.#stages.length };
  }

  get share(): number | null {
    if (this.#bucketId !== null) return null;
    const { number, name } = this.stage;
    const { blobs, withoutKey, references } = this.#verifier.counts;
    const dataStages = this.#stages.findIndex((stage) => stage.name === 'fileVersions');
    if (number < dataStages) return (recordShare * number) / dataStages;
    if (name === 'blobs') return lastShare;
    const done = Math.min(1, (blobs + withoutKey) / Math.max(1, references));
    return recordShare + (lastShare - recordShare) * done;
  }

  async *findings(): AsyncGenerator<Finding, void> {
    try {
      const begun = this.#stages.findIndex((stage) => stage === this.#current);
      for (const stage of this.#stages.slice(begun)) {
        const from = stage === this.#current ? this.#cursor.after : '';
        this.#current = stage;
        yield* this.#look(stage, from);
      }
    } finally {
      this.#verifier.fileKeys.close();
    }
  }

  async *#look(stage: Stage, from: string): AsyncGenerator<Finding, void> {
    const verifier = this.#verifier;
    for await (const { after, faults } of stage.look(verifier, from)) {
      for (const fault of faults) {
        if (fault.kind === 'orphan') verifier.counts.orphans++;
        else verifier.counts.damaged++;
        yield await named(verifier, fault);
      }
      this.#cursor = { stage: stage.name, after, bucketId: this.#bucketId, counts: this.counts };
    }
  }
}

async function named({ rows }: Verifier, fault: Fault): Promise<Finding> {
  const { bucketId } = fault;
  if (bucketId === null) return { ...fault, bucketName: null };
  try {
    return { ...fault, bucketName: (await rows.get('buckets', keys.buckets(bucketId)))?.name ?? null };
  } catch (error) {
    if (error instanceof DamagedRow) return { ...fault, bucketName: null };
    throw error;
  }
}
