import process from 'node:process';
import type { FromWorker, ToWorker, WorkerConfig } from './messages.ts';

/** What this worker is to do when it is told. */
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

  /** Carries out what comes from now on, and what has come. */
  obey(obedience: Obedience): void {
    this.#obedience = obedience;
    for (const message of this.#early.splice(0)) carryOut(message, obedience);
  }
}

/** Resolves once it is on its way, or cannot be: then the primary is gone, and this process ends. */
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
