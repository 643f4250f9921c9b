import type { RecoveryConcern, RecoveryConcernKind } from '../services/storage.ts';

/** The most ids that are reported of each kind. */
const toldIds = 100;

/** Gathers what recovery finds, in bounded memory. */
export class Concerns {
  readonly #found = new Map<RecoveryConcernKind, { count: number; ids: string[] }>();

  add(kind: RecoveryConcernKind, ...ids: readonly string[]): void {
    const entry = this.#found.get(kind) ?? { count: 0, ids: [] };
    entry.count += ids.length;
    entry.ids.push(...ids.slice(0, toldIds - entry.ids.length));
    this.#found.set(kind, entry);
  }

  get list(): readonly RecoveryConcern[] {
    return [...this.#found].map(([kind, { count, ids }]) => ({ kind, count, ids }));
  }
}
