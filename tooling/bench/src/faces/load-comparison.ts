import { medianRatio } from '../measure.ts';
import type { BenchmarkResult, Ratio, Table } from '../report.ts';
import { encryptionOf } from '../server/encryption.ts';
import { largeBody, type Payload } from '../server/load.ts';
import { bytesPerSecond, outcomeTable, processorTime, type Outcome } from '../server/outcome.ts';
import { makePayload, sizeName } from '../server/payload.ts';
import { directions, type Direction, type FaceName } from './face.ts';
import type { FacesOptions } from './faces-options.ts';
import { runLoadRounds } from './load-rounds.ts';

/** Many requests at once, of files of some sizes, by each API. */
export async function compareLoads(place: string, options: FacesOptions): Promise<BenchmarkResult> {
  const tables: Table[] = [];
  const ratios: Ratio[] = [];
  for (const size of options.sizes) {
    const payload = await makePayload(place, size);
    for (const mode of options.modes) {
      for (const connections of options.connections) {
        const encryption = encryptionOf(mode);
        const outcomes = await runLoadRounds({ place, payload, encryption, connections, options });
        for (const direction of directions) {
          const title = `${direction} of ${sizeName(size)}, ${mode}, ${connections} at once`;
          tables.push(outcomeTable(title, size, outcomes[direction]));
          ratios.push(...ratiosOf(title, payload, direction, outcomes[direction]));
        }
      }
    }
  }
  return { tables, ratios, notes };
}

const notes = [
  'S3: signed in the headers, the body not signed but sent with Content-MD5, as B2 sends SHA-1: this is what is ' +
    'compared.',
  'S3 SHA-256: the same with the SHA-256 of the body signed, which the server computes in addition. S3 presigned: ' +
    'signed in the query.',
  'CPU ms/request is the processor time of the server, in all its processes and threads: what hardly depends on ' +
    'what else the machine does.',
];

/** How much of B2's rate S3 should have: in downloads of any size, and in uploads of small files. */
const aim = 0.9;

function ratiosOf(
  title: string,
  { bytes: { length: size } }: Payload,
  direction: Direction,
  outcomes: Partial<Record<FaceName, readonly Outcome[]>>,
): readonly Ratio[] {
  const { B2: base = [], ...others } = outcomes;
  const rates = (runs: readonly Outcome[]) => runs.map((run) => bytesPerSecond(run, size));
  const times = (runs: readonly Outcome[]) => runs.map((run) => processorTime(run, size));
  const hasAim = direction === 'download' || size < largeBody;
  return Object.entries(others).flatMap(([name, runs]) => [
    {
      name: `${title}: ${name} / B2`,
      value: medianRatio(rates(runs), rates(base)),
      aim: name === 'S3' && hasAim ? { atLeast: aim } : null,
    },
    { name: `${title}: processor time of ${name} / B2`, value: medianRatio(times(runs), times(base)), aim: null },
  ]);
}
