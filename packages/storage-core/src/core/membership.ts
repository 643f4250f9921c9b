import { encodeHex } from '@coffer/bytes';
import { keys, StoreError, type Clock, type MetadataStore, type RandomSource } from '@coffer/storage-ports';
import type { NodeBeat, NodeMember, NodeService } from '../services/node-service.ts';
import { failures } from './failures.ts';
import { rowsOf } from './table-pages.ts';
import { transact } from './transaction.ts';

/** How long a member has been silent, as far as this process has watched. */
interface Watched {
  readonly beat: number;
  readonly silence: number;
}

/** Blob ids begin with their owner's id. */
const idDigits = 16;

/** Whether an id is one that a process has as a member. */
export function isMemberId(id: string): boolean {
  return id.length === idDigits;
}

const wholeTable = { start: new Uint8Array(0), end: undefined };

/** A row's key that is one text: the text. Ids of members have no characters that keys escape. */
function nameIn(key: Uint8Array): string {
  return new TextDecoder().decode(key.subarray(0, key.indexOf(0)));
}

/** Whether a process is a member, with what it knows of the others: see {@link NodeService}. */
export class Membership implements NodeService {
  readonly #metadata: MetadataStore;
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #silence: number;
  #isShared = false;
  #id: string | undefined;
  #beat = 0;
  #lastBeatAt = 0;
  #lastLookAt: number | undefined;
  #watched: ReadonlyMap<string, Watched> = new Map();

  constructor(metadata: MetadataStore, sources: { clock: Clock; random: RandomSource }, silence: number) {
    this.#metadata = metadata;
    this.#clock = sources.clock;
    this.#random = sources.random;
    this.#silence = silence;
  }

  /** Whether this process shares the stores with others. */
  get isShared(): boolean {
    return this.#isShared;
  }

  /**
   * The id that blobs begin with, for a process that shares the stores; null for one that has them to itself.
   *
   * @throws StorageError `storage_unavailable` while this process is no member any more.
   */
  owner(): string | null {
    if (!this.#isShared) return null;
    if (this.#id === undefined) throw failures.storageUnavailable(new Error('This process is no member of the store'));
    return this.#id;
  }

  /** Whether a write of the blob may be under way in some process that shares the stores. */
  async isLive(blobId: string): Promise<boolean> {
    const key = keys.members(blobId.slice(0, idDigits));
    return (await this.#metadata.get('members', key)) !== undefined;
  }

  async join(): Promise<string> {
    this.#isShared = true;
    const id = encodeHex(this.#random.bytes(idDigits / 2));
    const joining = this.#now();
    await this.#metadata.commit({
      expectations: [{ table: 'members', key: keys.members(id), is: 'absent' }],
      writes: [
        { table: 'members', key: keys.members(id), put: { joinedAt: this.#clock.now() } },
        { table: 'memberBeats', key: keys.memberBeats(id), put: { beat: 0 } },
      ],
    });
    this.#id = id;
    this.#beat = 0;
    this.#lastBeatAt = joining;
    return id;
  }

  async beat(): Promise<NodeBeat> {
    const known = await this.#giveSign();
    const memberId = known ?? (await this.join());
    return { memberId, rejoined: known === undefined, removed: await this.#removeSilent(memberId) };
  }

  async leave(): Promise<void> {
    const id = this.#id;
    if (id === undefined) return;
    this.#id = undefined;
    await this.#remove(id, []);
  }

  async members(): Promise<readonly NodeMember[]> {
    const found: NodeMember[] = [];
    for await (const { key, value } of rowsOf(this.#metadata, 'members', wholeTable))
      found.push({ memberId: nameIn(key), joinedAt: value.joinedAt });
    return found;
  }

  async hold(work: string): Promise<boolean> {
    if (!this.#isShared) return true;
    const id = this.#id;
    // The others may have given this process up.
    if (id === undefined || this.#now() - this.#lastBeatAt > this.#silence / 2) return false;
    const key = keys.workLeases(work);
    return transact(this.#metadata, async (tx) => {
      const lease = await tx.get('workLeases', key);
      if (lease?.holder === id) return true;
      if (lease !== undefined && (await tx.get('members', keys.members(lease.holder))) !== undefined) return false;
      tx.requireMember(id);
      tx.put('workLeases', key, { holder: id });
      return true;
    });
  }

  /** This process's id; undefined if the others have given it up. */
  async #giveSign(): Promise<string | undefined> {
    const id = this.#id;
    if (id === undefined) return undefined;
    const sentAt = this.#now();
    try {
      await this.#metadata.commit({
        expectations: [{ table: 'members', key: keys.members(id), is: 'present' }],
        writes: [{ table: 'memberBeats', key: keys.memberBeats(id), put: { beat: ++this.#beat } }],
      });
      this.#lastBeatAt = sentAt;
      return id;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return (this.#id = undefined);
    }
  }

  /**
   * Time in which this process did not look is hardly counted: otherwise whoever reaches the store first after an
   * outage would find everybody else silent.
   */
  async #removeSilent(own: string): Promise<readonly string[]> {
    const now = this.#now();
    const step = Math.min(now - (this.#lastLookAt ?? now), this.#silence / 4);
    this.#lastLookAt = now;
    const watched = new Map<string, Watched>();
    const removed: string[] = [];
    for await (const { key, value, version } of rowsOf(this.#metadata, 'memberBeats', wholeTable)) {
      const id = nameIn(key);
      if (id === own) continue;
      const before = this.#watched.get(id);
      const silence = before?.beat === value.beat ? before.silence + step : 0;
      if (silence < this.#silence) watched.set(id, { beat: value.beat, silence });
      else if (await this.#remove(id, [{ table: 'memberBeats', key, version }])) removed.push(id);
    }
    this.#watched = watched;
    return removed;
  }

  async #remove(
    id: string,
    expectations: readonly { table: 'memberBeats'; key: Uint8Array; version: number }[],
  ): Promise<boolean> {
    try {
      await this.#metadata.commit({
        expectations,
        writes: [
          { table: 'members', key: keys.members(id), delete: true },
          { table: 'memberBeats', key: keys.memberBeats(id), delete: true },
        ],
      });
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }

  #now(): number {
    return this.#clock.elapsed().milliseconds;
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'conflict';
}
