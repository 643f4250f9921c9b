import { reasonOf } from '../model/conformance-error.ts';
import type { MadeThing } from '../model/made-thing.ts';

/** Notes what a run makes before it is made, so that a later run can remove what a killed one left behind. */
export interface Journal {
  /** Resolves when the note will survive the process. */
  plan(thing: MadeThing): Promise<void>;
  /** It is known not to be there, or no longer. */
  gone(name: string): void;
}

/** The journal could not note something, the `cause`: no fault of the endpoint, so it ends the run, not only a case. */
export class JournalFailure extends Error {
  constructor(cause: unknown) {
    super(`What the run makes cannot be noted: ${reasonOf(cause)}`, { cause });
    this.name = 'JournalFailure';
  }
}

/** For runs that nobody takes up. */
export const noJournal: Journal = { plan: () => Promise.resolve(), gone: () => undefined };
