import type { Client } from '@coffer/client';
import type { DescribedError } from '../ui/describe-error.ts';
import { RateMeter } from './rate-meter.ts';

/**
 * `checking`: its checksum is computed. `waiting`: others come first. `cancelled`: only of those of which something
 * stays that has to be told; others leave the list.
 */
export type TransferState = 'waiting' | 'checking' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';

/** One transfer, as it is now. A changed one is another object. */
export interface Transfer {
  readonly id: number;
  readonly kind: 'upload' | 'download';
  /** The name of the file in its bucket. */
  readonly name: string;
  readonly bucketName: string;
  readonly total: number;
  readonly state: TransferState;
  /** Bytes that have moved, or, while it is checked, that were read. */
  readonly bytes: number;
  /** Whether its checksum is computed, also while that is paused. */
  readonly isChecking: boolean;
  /** A remark: "3 parts are already there". */
  readonly note: string | undefined;
  readonly error: DescribedError | undefined;
  readonly canPause: boolean;
}

/** What can be done with a transfer. Those that make no sense in its state do nothing. */
export interface TransferActions {
  readonly pause?: () => void;
  readonly resume?: () => void;
  readonly retry?: () => void;
  /** Ends it. What it has left behind is removed. */
  readonly cancel: () => void;
}

/** What changes in a transfer. `moved`: bytes that went over the network since the last change. */
export type TransferChange = Partial<Pick<Transfer, 'state' | 'bytes' | 'isChecking' | 'note' | 'error'>> & {
  readonly moved?: number;
};

/** What the tray shows. The same object until something changes. */
export interface TransfersView {
  readonly counts: Readonly<Record<TransferState, number>>;
  /** Of all that is listed, also of what is not among the rows. */
  readonly bytes: number;
  readonly total: number;
  /** Bytes per second of everything, and of each transfer that is under way. */
  readonly rate: number;
  readonly rates: ReadonlyMap<number, number>;
  /** What is of interest now; thousands of files that wait or are done are only counted. */
  readonly rows: readonly Transfer[];
  readonly kinds: ReadonlySet<Transfer['kind']>;
}

interface Entry {
  transfer: Transfer;
  readonly actions: TransferActions;
  readonly meter: RateMeter;
}

/** States in the order of the rows, with how many of each are shown. */
const shown: readonly (readonly [TransferState, number])[] = [
  ['running', 20],
  ['checking', 20],
  ['paused', 20],
  ['failed', 30],
  ['cancelled', 10],
  ['waiting', 10],
  ['done', 10],
];

const publishMs = 150;
const rateMs = 1_000;

/** The uploads and downloads of a session. */
export class Transfers {
  readonly #entries = new Map<number, Entry>();
  readonly #byState = new Map<TransferState, Set<Entry>>(shown.map(([state]) => [state, new Set()]));
  readonly #listeners = new Set<() => void>();
  readonly #meter = new RateMeter();
  readonly #kinds = { upload: 0, download: 0 };
  #bytes = 0;
  #total = 0;
  #nextId = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #view: TransfersView;

  constructor() {
    this.#view = this.#look();
  }

  readonly view = (): TransfersView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether something would be lost if the page went away now. */
  get isActive(): boolean {
    return (['waiting', 'checking', 'running', 'paused'] as const).some((state) => this.#in(state).size > 0);
  }

  /** Lists a new transfer, which waits. Returns its id. */
  add(
    about: Pick<Transfer, 'kind' | 'name' | 'bucketName' | 'total'> & { readonly canPause?: boolean },
    actions: TransferActions,
  ): number {
    const id = this.#nextId++;
    const transfer: Transfer = {
      ...{ canPause: actions.pause !== undefined, ...about, id },
      ...{ state: 'waiting', bytes: 0, isChecking: false, note: undefined, error: undefined },
    };
    const entry = { transfer, actions, meter: new RateMeter() };
    this.#entries.set(id, entry);
    this.#in('waiting').add(entry);
    this.#kinds[about.kind]++;
    this.#total += about.total;
    this.#publishSoon();
    return id;
  }

  /** Changes one that is listed; does nothing for others. */
  update(id: number, { moved = 0, ...change }: TransferChange): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const before = entry.transfer;
    entry.transfer = { ...before, ...change };
    const { state } = entry.transfer;
    if (state !== before.state) {
      this.#in(before.state).delete(entry);
      this.#in(state).add(entry);
      entry.meter.reset();
    }
    this.#bytes += movedBytes(entry.transfer) - movedBytes(before);
    if (moved > 0) {
      const now = performance.now();
      entry.meter.add(moved, now);
      this.#meter.add(moved, now);
    }
    this.#publishSoon();
  }

  get(id: number): Transfer | undefined {
    return this.#entries.get(id)?.transfer;
  }

  /** Takes one off the list. */
  remove(id: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    const { state, total, kind } = entry.transfer;
    this.#in(state).delete(entry);
    this.#kinds[kind]--;
    this.#bytes -= movedBytes(entry.transfer);
    this.#total -= total;
    this.#publishSoon();
  }

  readonly act = (id: number, action: keyof TransferActions): void => {
    this.#entries.get(id)?.actions[action]?.();
  };

  readonly pauseAll = (): void => {
    // What waits first: otherwise it would begin in the place of what is paused.
    this.#actOn(['waiting', 'running', 'checking'], 'pause');
  };

  readonly resumeAll = (): void => {
    this.#actOn(['paused'], 'resume');
  };

  readonly retryAll = (): void => {
    this.#actOn(['failed'], 'retry');
  };

  readonly cancelAll = (): void => {
    this.#actOn(['waiting', 'paused', 'running', 'checking'], 'cancel');
  };

  /** Takes what has ended off the list. */
  readonly clear = (): void => {
    for (const state of ['done', 'failed', 'cancelled'] as const) {
      for (const { transfer } of [...this.#in(state)]) this.remove(transfer.id);
    }
  };

  /** Forgets all of them, at sign-out. Nothing is published any more. */
  end(): void {
    for (const id of [...this.#entries.keys()]) this.remove(id);
    this.#listeners.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#view = this.#look();
  }

  #actOn(states: readonly TransferState[], action: keyof TransferActions): void {
    for (const state of states) for (const { actions } of [...this.#in(state)]) actions[action]?.();
  }

  #in(state: TransferState): Set<Entry> {
    return this.#byState.get(state) ?? new Set();
  }

  #publishSoon(afterMs = publishMs): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#view = this.#look();
      for (const listener of this.#listeners) listener();
      // The rate changes also while nothing else does.
      if (this.#in('running').size > 0) this.#publishSoon(rateMs);
    }, afterMs);
  }

  #look(): TransfersView {
    const now = performance.now();
    const rows = shown.flatMap(([state, most]) => {
      const entries = this.#in(state);
      // Of what is done, the newest.
      const some = state === 'done' ? [...entries].slice(-most).reverse() : firstOf(entries, most);
      return some.map(({ transfer }) => transfer);
    });
    const counts = Object.fromEntries(shown.map(([state]) => [state, this.#in(state).size]));
    const running = [...this.#in('running')];
    return {
      counts: counts as Record<TransferState, number>,
      ...{ bytes: this.#bytes, total: this.#total, rows },
      rate: this.#meter.rate(now),
      rates: new Map(running.map(({ transfer, meter }) => [transfer.id, meter.rate(now)])),
      kinds: new Set((['upload', 'download'] as const).filter((kind) => this.#kinds[kind] > 0)),
    };
  }
}

/** What counts as moved: what was only read to compute its checksum does not. */
function movedBytes({ state, bytes, isChecking, total }: Transfer): number {
  return state === 'done' ? total : isChecking ? 0 : bytes;
}

function firstOf<T>(items: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length === most) break;
    first.push(item);
  }
  return first;
}

const ofClients = new WeakMap<Client, Transfers>();

interface OfSession {
  readonly client: Client;
  /** Aborted at sign-out. */
  readonly ending: AbortController;
}

/** The transfers of a session. */
export function transfersOf({ client, ending }: OfSession): Transfers {
  const known = ofClients.get(client);
  if (known !== undefined) return known;
  const made = new Transfers();
  ofClients.set(client, made);
  ending.signal.addEventListener('abort', () => {
    made.end();
  });
  return made;
}
