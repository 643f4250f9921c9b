import { isDeepStrictEqual } from 'node:util';
import type { FileVersionRecord } from '@coffer/storage-ports';

interface PartList<Part> {
  /** The record that the parts were verified with. */
  readonly version: FileVersionRecord;
  readonly parts: Promise<readonly Part[]>;
  /** Null as long as the list is not verified. */
  count: number | null;
}

/**
 * Keeps part lists of large files that were found genuine, so that reading one byte does not take reading and verifying
 * all parts again. A list is kept for a version's record as it was when its seal was checked: a record that differs in
 * only one field is verified anew. The least recently used lists are forgotten first.
 */
export class VerifiedParts<Part> {
  readonly #limit: number;
  /** By file id, in the order in which they were asked for. */
  readonly #lists = new Map<string, PartList<Part>>();
  #kept = 0;

  /** `limit`: parts of all kept lists together. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * The version's parts as `verify` gives them. Callers that ask at the same time share one verification; a failed one
   * is not kept.
   */
  async of(version: FileVersionRecord, verify: () => Promise<readonly Part[]>): Promise<readonly Part[]> {
    const known = this.#lists.get(version.fileId);
    if (known !== undefined && isDeepStrictEqual(known.version, version)) {
      this.#lists.delete(version.fileId);
      this.#lists.set(version.fileId, known);
      return known.parts;
    }
    if (known !== undefined) this.#forget(known);
    const list: PartList<Part> = { version, parts: verify(), count: null };
    this.#lists.set(version.fileId, list);
    try {
      const parts = await list.parts;
      this.#keep(list, parts.length);
      return parts;
    } catch (error) {
      this.#forget(list);
      throw error;
    }
  }

  #keep(list: PartList<Part>, count: number): void {
    if (!this.#has(list)) return;
    list.count = count;
    this.#kept += count;
    for (const oldest of this.#lists.values()) {
      if (this.#kept <= this.#limit) return;
      if (oldest.count !== null) this.#forget(oldest);
    }
  }

  #forget(list: PartList<Part>): void {
    if (!this.#has(list)) return;
    this.#lists.delete(list.version.fileId);
    this.#kept -= list.count ?? 0;
  }

  /** Whether the list is still kept, and no other has taken its place. */
  #has(list: PartList<Part>): boolean {
    return this.#lists.get(list.version.fileId) === list;
  }
}
