import { encodeHex } from '@coffer/bytes';
import { keys, type MetadataStore, type RandomSource } from '@coffer/storage-ports';
import { transact } from './transaction.ts';

/** The first bound that a process records; later ones are this times a power of two. */
const firstBound = 16;

/** A blob that is being written, or was written and is in no record yet. */
export interface BlobWrite {
  /**
   * To be called when a record names the blob, or when nothing of the blob is stored; not to be called while neither is
   * certain.
   */
  end(): void;
}

/**
 * Records an upper bound for the number of blobs of this process that may be stored without a record that names them.
 * The bound is recorded before the number reaches it, so that recovery knows how many orphans a crash can have left: if
 * it finds more, the metadata must be older than the blobs. The bound grows in steps, so that it hardly ever costs a
 * commit.
 */
export class BlobWriteBound {
  readonly #metadata: MetadataStore;
  readonly #random: RandomSource;
  #key: Uint8Array | undefined;
  #underWay = 0;
  #recorded = 0;
  #recording: Promise<void> | undefined;

  constructor(metadata: MetadataStore, random: RandomSource) {
    this.#metadata = metadata;
    this.#random = random;
  }

  /** To be awaited before a blob is written. @throws StorageError where the bound cannot be recorded. */
  async begin(): Promise<BlobWrite> {
    this.#underWay++;
    try {
      while (this.#underWay > this.#recorded) await this.#raise();
    } catch (error) {
      this.#underWay--;
      throw error;
    }
    let ended = false;
    const end = () => {
      if (!ended) this.#underWay--;
      ended = true;
    };
    return { end };
  }

  /** To be called when recovery has removed the recorded bounds. */
  forget(): void {
    this.#recorded = 0;
  }

  /** Removes the recorded bound if no blob is under way, so that processes that ended properly are not counted. */
  async retire(): Promise<void> {
    const key = this.#key;
    if (key === undefined || this.#underWay > 0 || this.#recorded === 0) return;
    this.#recorded = 0;
    await transact(this.#metadata, async (tx) => {
      tx.delete('blobWriteBounds', key);
      return Promise.resolve();
    });
  }

  #raise(): Promise<void> {
    this.#recording ??= this.#record().finally(() => (this.#recording = undefined));
    return this.#recording;
  }

  async #record(): Promise<void> {
    let bound = firstBound;
    while (bound < this.#underWay) bound *= 2;
    const key = (this.#key ??= keys.blobWriteBounds(encodeHex(this.#random.bytes(16))));
    await transact(this.#metadata, async (tx) => {
      tx.put('blobWriteBounds', key, { bound });
      return Promise.resolve();
    });
    this.#recorded = bound;
  }
}
