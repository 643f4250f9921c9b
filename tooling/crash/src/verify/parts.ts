import { rowsIn } from '../answer.ts';
import { bytesOf, sha1Of, type Content } from '../content.ts';
import type { KnownVersion, Ledger } from '../ledger.ts';
import type { Workplace } from '../workplace.ts';

/** Every acknowledged part of an unfinished large file is listed, and every listed one was sent. */
export async function compareParts({ client, ledger }: Workplace): Promise<void> {
  for (const [fileId, version] of ledger.versions) {
    if (version.action !== 'start') continue;
    const rows = rowsIn(await client.call('b2_list_parts', { fileId, maxPartCount: 1000 }), 'parts');
    const listed = new Map(rows.map((row) => [Number(row['partNumber']), String(row['contentSha1'])]));
    for (const number of new Set([...version.parts.keys(), ...listed.keys()]))
      comparePart(ledger, fileId, version, number, listed.get(number));
  }
}

/** A part is the acknowledged one, or one that was on its way. */
function comparePart(
  ledger: Ledger,
  fileId: string,
  version: KnownVersion,
  number: number,
  sha1: string | undefined,
): void {
  const known = version.parts.get(number);
  const isListed = (content: Content): boolean => sha1Of(bytesOf(content)) === sha1;
  if (known !== undefined && isListed(known)) return;
  const sent = partsInFlight(ledger, fileId, number).find(isListed);
  if (sent !== undefined) version.parts.set(number, sent);
  else ledger.violated(`part ${number} is ${sha1 ?? 'lost'}, which was not sent`, fileId);
}

function partsInFlight(ledger: Ledger, fileId: string, number: number): readonly Content[] {
  const found: Content[] = [];
  for (const one of ledger.open)
    if ((one.do === 'part' || one.do === 'copy part') && one.fileId === fileId && one.number === number)
      found.push(one.content);
  return found;
}
