import { Refusal } from '../answer.ts';
import { newContent, newNumber, newVersion } from '../operations/files.ts';
import type { KnownVersion } from '../ledger.ts';
import type { Operation } from '../operation.ts';
import type { Workplace } from '../workplace.ts';
import { added, putRequest } from './objects.ts';
import { headerIn, type S3Answer } from './s3-client.ts';

const rivals = 3;
/** What the names of these objects begin with. Nothing else is written under them. */
export const contestedFolder = 'contested/';

interface Won {
  readonly answer: S3Answer;
  readonly file: KnownVersion;
}

/**
 * Has several uploads of one new name race, each only if there is none; then several that each replace what is there.
 * Exactly one of them wins, each time. The ledger gets the winners at the end, so that nobody removes one meanwhile.
 */
export async function conditionalPuts(place: Workplace): Promise<void> {
  const name = `${contestedFolder}object-${newNumber()}`;
  const winners: Won[] = [];
  try {
    const first = await race(place, name, { 'If-None-Match': '*' }, winners);
    if (first !== undefined) await race(place, name, { 'If-Match': headerIn(first.answer, 'etag') }, winners);
  } finally {
    for (const { answer, file } of winners) added(place, answer, file);
  }
}

/** @throws Error if an upload was not answered. */
async function race(
  place: Workplace,
  name: string,
  condition: Readonly<Record<string, string>>,
  winners: Won[],
): Promise<Won | undefined> {
  const { ledger, random } = place;
  const files = Array.from({ length: rivals }, (): KnownVersion => {
    return { ...newVersion(random, 'upload', newContent(random.pick([1, 3000, 30_000]))), name };
  });
  const won: Won[] = [];
  const outcomes = await Promise.allSettled(files.map((file) => rival(place, file, condition, won)));
  winners.push(...won);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  const asked = JSON.stringify(condition);
  if (won.length !== 1) ledger.violated(`${won.length} of ${rivals} uploads with ${asked} were acknowledged`, name);
  return won[0];
}

async function rival(
  { s3, ledger, random }: Workplace,
  file: KnownVersion,
  condition: Readonly<Record<string, string>>,
  won: Won[],
): Promise<void> {
  const operation: Operation = { by: 'S3', do: 'upload', ...file };
  const request = putRequest({ random }, file);
  ledger.open.add(operation);
  try {
    const answer = await s3.send({ ...request, headers: { ...request.headers, ...condition } });
    won.push({ answer, file });
    ledger.acknowledge(operation, headerIn(answer, 'x-amz-version-id'));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    ledger.refuse(operation, error);
  }
}
