import { encodeHex } from '@coffer/bytes';
import { keys, type MetadataStore, type RandomSource } from '@coffer/storage-ports';
import type { Membership } from './membership.ts';
import { failures } from './failures.ts';
import { transact } from './transaction.ts';

/** The first bound that a process records; later ones are this times a power of two. */
const firstBound = 16;

/** A blob that is being written, or was written and is in no record yet. */
export interface BlobWrite {
  /** What the blob's id begins with: see {@link Membership.owner}. */
  readonly owner: string | null;
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
  readonly #membership: Membership;
  readonly #ownId: string;
  /** Whose bound is recorded. */
  #id: string | undefined;
  #underWay = 0;
  #recorded = 0;
  #recording: Promise<void> | undefined;

  constructor(metadata: MetadataStore, random: RandomSource, membership: Membership) {
    this.#metadata = metadata;
    this.#membership = membership;
    this.#ownId = encodeHex(random.bytes(16));
  }

  /** To be awaited before a blob is written. @throws StorageError where the bound cannot be recorded. */
  async begin(): Promise<BlobWrite> {
    const owner = this.#membership.owner();
    this.#underWay++;
    try {
      while (this.#underWay > this.#recorded || (owner !== null && owner !== this.#id)) {
        // A process that joined again meanwhile records no bound for what it was before.
        if (this.#membership.owner() !== owner) throw failures.storageUnavailable(new Error('Joined the store anew'));
        await this.#raise();
      }
    } catch (error) {
      this.#underWay--;
      throw error;
    }
    let ended = false;
    const end = () => {
      if (!ended) this.#underWay--;
      ended = true;
    };
    return { owner, end };
  }

  /** To be called when recovery has removed the recorded bounds. */
  forget(): void {
    this.#recorded = 0;
  }

  /** Removes the recorded bound if no blob is under way, so that processes that ended properly are not counted. */
  async retire(): Promise<void> {
    const id = this.#id;
    if (id === undefined || this.#underWay > 0 || this.#recorded === 0) return;
    this.#recorded = 0;
    await transact(this.#metadata, async (tx) => {
      tx.delete('blobWriteBounds', keys.blobWriteBounds(id));
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
    const owner = this.#membership.owner();
    const id = owner ?? this.#ownId;
    await transact(this.#metadata, async (tx) => {
      if (owner !== null) tx.requireMember(owner);
      tx.put('blobWriteBounds', keys.blobWriteBounds(id), { bound });
      return Promise.resolve();
    });
    this.#id = id;
    this.#recorded = bound;
  }
}
