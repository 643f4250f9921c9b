import type { QuarantinedBlob } from '@coffer/storage-ports';
import type { QuarantineEntry } from './blob-keys.ts';
import { copyObject } from './copying.ts';
import { contentLength } from './frames.ts';
import { listObjects, type ListedObject } from './listing.ts';
import { lookAt, missingBlob, type ObjectFacts } from './object-facts.ts';
import { removeObject } from './removal.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure } from './s3-failure.ts';

/** How often a step is begun again because somebody else moved the blob meanwhile. */
const attempts = 5;

/** Blobs out of use: copies of their objects under other keys. */
export class S3Quarantine {
  readonly #context: S3Context;

  constructor(context: S3Context) {
    this.#context = context;
  }

  /** @throws S3Failure, or StoreError `missing_blob`, `io`. */
  async add(blobId: string, at: number): Promise<void> {
    await this.#whileMoved(() => this.#addOnce(blobId, at));
  }

  /** @throws S3Failure, or StoreError `missing_blob`, `io`. */
  async restore(blobId: string): Promise<void> {
    await this.#whileMoved(() => this.#restoreOnce(blobId));
  }

  /** @throws S3Failure */
  async purge(blobId: string): Promise<void> {
    for (const { key } of await this.#entries(blobId)) await removeObject(this.#context, key);
  }

  /** @throws S3Failure */
  async list(after: string, limit: number): Promise<readonly QuarantinedBlob[]> {
    const { keys } = this.#context;
    const found: QuarantinedBlob[] = [];
    // "0" comes right behind the "/" that all entries of a blob have after its id.
    const start = after === '' ? undefined : `${keys.quarantine}${after}0`;
    for await (const { key, length } of listObjects(this.#context, keys.quarantine, start)) {
      const entry = keys.entryOf(key);
      if (entry === undefined) continue;
      // Of several entries of one blob, the one with the latest time comes last.
      if (found.at(-1)?.blobId === entry.blobId) found.pop();
      else if (found.length === limit) break;
      found.push({ ...entry, size: contentLength(length) ?? length });
    }
    return found;
  }

  async #addOnce(blobId: string, at: number): Promise<void> {
    const { keys } = this.#context;
    const inPlace = await lookAt(this.#context, keys.blob(blobId));
    const entries = await this.#entries(blobId);
    const latest = entries.at(-1);
    const from = inPlace === undefined ? latest?.key : keys.blob(blobId);
    if (from === undefined) throw await missingBlob(this.#context, blobId);
    const to = keys.quarantined({ blobId, quarantinedAt: Math.max(at, latest?.entry.quarantinedAt ?? 0) });
    if (to !== from) await this.#copy(from, to, inPlace);
    for (const { key } of entries) if (key !== to) await removeObject(this.#context, key);
    if (inPlace !== undefined) await removeObject(this.#context, keys.blob(blobId));
  }

  async #restoreOnce(blobId: string): Promise<void> {
    const { keys } = this.#context;
    const inPlace = await lookAt(this.#context, keys.blob(blobId));
    if (inPlace === undefined) {
      const latest = (await this.#entries(blobId)).at(-1);
      if (latest === undefined) throw await missingBlob(this.#context, blobId);
      await this.#copy(latest.key, keys.blob(blobId), undefined);
    }
    await this.purge(blobId);
  }

  /** Copies, unless the same is there already. */
  async #copy(from: string, to: string, known: ObjectFacts | undefined): Promise<void> {
    const facts = known ?? (await lookAt(this.#context, from));
    if (facts === undefined) throw new S3Failure('missing_key', '');
    const there = await lookAt(this.#context, to);
    if (there?.length === facts.length && there.mark === facts.mark && facts.mark !== undefined) return;
    await copyObject(this.#context, from, to, facts);
  }

  /** From the earliest to the latest. */
  async #entries(blobId: string): Promise<readonly (ListedObject & { readonly entry: QuarantineEntry })[]> {
    const { keys } = this.#context;
    const found = [];
    for await (const object of listObjects(this.#context, keys.quarantineOf(blobId), undefined)) {
      const entry = keys.entryOf(object.key);
      if (entry !== undefined) found.push({ ...object, entry });
    }
    return found;
  }

  /** Begins again if what was to be copied is no longer where it was seen. */
  async #whileMoved(step: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await step();
        return;
      } catch (error) {
        const isMoved = error instanceof S3Failure && ['missing_key', 'precondition'].includes(error.kind);
        if (!isMoved || attempt >= attempts) throw error;
      }
    }
  }
}
