import { Refusal } from './answer.ts';
import { copyFile } from './operations/copies.ts';
import { largeFile } from './operations/large-files.ts';
import { changeBuckets, changeKeys } from './operations/account.ts';
import { hideName, removeVersion, upload } from './operations/files.ts';
import { s3Growing, s3Steady } from './s3/steps.ts';
import type { Workplace } from './workplace.ts';

export interface Work {
  /** To be called right before the server is killed: from then on requests may go without an answer. */
  expectEnd(): void;
  /** When every connection has noticed that the server is gone. */
  readonly ended: Promise<unknown>;
}

type Step = (place: Workplace) => Promise<void>;

/** What a connection chooses from. */
interface Steps {
  readonly growing: readonly Step[];
  /** As much is removed as is added. */
  readonly steady: readonly Step[];
}

/** From this many versions on as many are removed as are added, so that a long run does not grow without end. */
const manyVersions = 400;

const growing: readonly Step[] = [
  ...[upload, upload, upload, upload, largeFile, largeFile, copyFile, copyFile],
  ...[hideName, removeVersion, removeVersion, changeKeys, changeBuckets],
];
const overB2: Steps = { growing, steady: [...growing, ...Array.from({ length: 8 }, () => removeVersion)] };
const overS3: Steps = { growing: s3Growing, steady: s3Steady };

/** Works on the server from several connections until it is gone. */
export function startWork(place: Workplace, connections: { readonly b2: number; readonly s3: number }): Work {
  let ending = false;
  const isEnding = (): boolean => ending;
  const loops = [
    ...Array.from({ length: connections.b2 }, () => connection(place, overB2, isEnding)),
    ...Array.from({ length: connections.s3 }, () => connection(place, overS3, isEnding)),
  ];
  return { expectEnd: () => (ending = true), ended: Promise.all(loops) };
}

async function connection(place: Workplace, steps: Steps, isEnding: () => boolean): Promise<void> {
  const { ledger, random } = place;
  while (!isEnding()) {
    try {
      await random.pick(ledger.versions.size < manyVersions ? steps.growing : steps.steady)(place);
    } catch (error) {
      // Preparations may be refused, such as getting an upload URL for a file that another connection has just removed.
      if (error instanceof Refusal && error.status < 500) continue;
      if (!isEnding())
        ledger.violated(`without an answer while the server ran: ${String(error)}: ${causeOf(error)}`, 'connection');
      return;
    }
  }
}

/** The reason of a failed `fetch`, which is in the cause of its error. */
function causeOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : 'no cause';
}
