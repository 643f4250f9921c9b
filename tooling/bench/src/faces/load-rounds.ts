import { numbered } from '../server/coffer-target.ts';
import type { CofferProcess } from '../server/coffer-process.ts';
import type { Encryption } from '../server/encryption.ts';
import { largeBody, nameCountOf, type Load, type Payload } from '../server/load.ts';
import { measureLoad, type Outcome } from '../server/outcome.ts';
import { fileCount } from '../server/target.ts';
import { checkFaces } from './check-faces.ts';
import { directions, facesOf, type Direction, type FaceName, type Faces } from './face.ts';
import type { FacesOptions } from './faces-options.ts';
import { withServer } from './with-server.ts';

/** The outcomes of each contestant, round by round. */
export type RoundOutcomes = Readonly<Record<Direction, Partial<Record<FaceName, Outcome[]>>>>;

interface LoadPlan {
  /** Where the servers keep their data. */
  readonly place: string;
  readonly payload: Payload;
  readonly encryption: Encryption;
  readonly connections: number;
  readonly options: FacesOptions;
}

/**
 * Lets the contestants take turns on one server, after a round that only warms up. Large files would fill the disk, and
 * depend little on a warm server: each of their rounds has a fresh one.
 */
export async function runLoadRounds(plan: LoadPlan): Promise<RoundOutcomes> {
  const { rounds } = plan.options;
  const outcomes: RoundOutcomes = { upload: {}, download: {} };
  if (plan.payload.bytes.length < largeBody) await runServer(plan, outcomes, { first: 0, last: rounds });
  else for (let round = 1; round <= rounds; round++) await runServer(plan, outcomes, { first: round, last: round });
  return outcomes;
}

/** Some rounds on a server of their own. Round 0 does not count. */
function runServer(
  plan: LoadPlan,
  outcomes: RoundOutcomes,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<void> {
  const { place, payload, encryption, options } = plan;
  return withServer(place, options, async (server, client) => {
    const faces = await facesOf(server, payload, encryption);
    await checkFaces(client, faces, payload);
    const [, uploads] = faces.upload[0] ?? [];
    for (const request of uploads?.(downloaded) ?? []) await client.send(request, [payload.bytes]);
    for (let round = first; round <= last; round++) {
      const measured = await runRound(plan, server, faces, round);
      if (round === 0) continue;
      for (const { direction, name, outcome } of measured) (outcomes[direction][name] ??= []).push(outcome);
    }
  });
}

const downloaded = numbered('files/', fileCount);

async function runRound(plan: LoadPlan, server: CofferProcess, faces: Faces, round: number) {
  const { place: directory, payload, connections, options } = plan;
  const measured: { direction: Direction; name: FaceName; outcome: Outcome }[] = [];
  for (const direction of directions) {
    // Every other round goes backwards, so that no contestant always finds what the same other one left.
    const order = round % 2 === 0 ? faces[direction].toReversed() : faces[direction];
    for (const [turn, [name, requests]] of order.entries()) {
      const load: Load =
        direction === 'download'
          ? { requests: requests(downloaded), payload: null }
          : { requests: requests(numbered(`round-${round}/turn-${turn}/`, nameCountOf(payload))), payload };
      const outcome = await measureLoad(server, payload, { load, connections, seconds: options.seconds, directory });
      measured.push({ direction, name, outcome });
    }
  }
  return measured;
}
