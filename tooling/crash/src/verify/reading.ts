import { bytesOf } from '../content.ts';
import type { KnownVersion } from '../ledger.ts';
import type { Workplace } from '../workplace.ts';

const atOnce = 4;
/** Versions per round that were read in an earlier one. */
const again = 10;

/** Reads back every upload that has not been read after a restart, and some of the others. */
export async function readBack(place: Workplace): Promise<void> {
  const uploads = [...place.ledger.versions].filter(([, { action }]) => action === 'upload');
  const old = uploads.filter(([, { checked }]) => checked);
  const some = old.length === 0 ? [] : Array.from({ length: again }, () => place.random.pick(old));
  await readAll(place, [...uploads.filter(([, { checked }]) => !checked), ...new Set(some)]);
}

/** Reads back every upload there is. */
export async function readEverything(place: Workplace): Promise<void> {
  await readAll(
    place,
    [...place.ledger.versions].filter(([, { action }]) => action === 'upload'),
  );
}

type Entry = readonly [string, KnownVersion];

async function readAll(place: Workplace, entries: readonly Entry[]): Promise<void> {
  const rest = entries.values();
  const reader = async (): Promise<void> => {
    for (const [fileId, version] of rest) await readOne(place, fileId, version);
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
}

async function readOne({ client, ledger }: Workplace, fileId: string, version: KnownVersion): Promise<void> {
  try {
    const data = await client.download(fileId, version.encryption);
    if (!data.equals(bytesOf(version.content))) ledger.violated(`${version.name} has other bytes`, fileId);
  } catch (error) {
    ledger.violated(`${version.name} cannot be read: ${String(error)}`, fileId);
  }
  version.checked = true;
}
