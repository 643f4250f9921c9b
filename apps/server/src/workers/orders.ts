import process from 'node:process';
import type { FromWorker, ToWorker, WorkerConfig } from './messages.ts';

/** What this worker does on each order. */
export interface Obedience {
  readonly report: (id: number) => void;
  readonly drain: () => void;
  readonly stop: (graceMs: number) => void;
}

/** The channel to the primary, seen from a worker. */
export class Orders {
  readonly config: Promise<WorkerConfig>;
  readonly #early: ToWorker[] = [];
  #obedience: Obedience | undefined;

  constructor() {
    this.config = new Promise((resolve) => {
      process.on('message', (message: ToWorker) => {
        if (message.kind === 'serve') resolve(message.config);
        else if (this.#obedience === undefined) this.#early.push(message);
        else carryOut(message, this.#obedience);
      });
    });
    void tell({ kind: 'listening' });
  }

  /** Carries out the orders that come from now on, and those that have come already. */
  obey(obedience: Obedience): void {
    this.#obedience = obedience;
    for (const message of this.#early.splice(0)) carryOut(message, obedience);
  }
}

/**
 * Sends a message to the primary. Resolves once it was sent, or cannot be sent because the primary is gone; then this
 * process ends.
 */
export function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else
      process.send(message, undefined, undefined, () => {
        resolve();
      });
  });
}

function carryOut(message: ToWorker, { report, drain, stop }: Obedience): void {
  switch (message.kind) {
    case 'report':
      report(message.id);
      return;
    case 'drain':
      drain();
      return;
    case 'stop':
      stop(message.graceMs);
      return;
    case 'serve':
  }
}
