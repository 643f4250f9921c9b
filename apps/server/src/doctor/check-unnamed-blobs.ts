import type { Storage } from '@coffer/storage-core';
import { note, ok, problem, type Finding } from './finding.ts';

const named = 10;

/** Reports blobs in quarantine, and blobs outside of it that no file names. Changes nothing. */
export async function checkUnnamedBlobs(
  { recovery }: Pick<Storage, 'recovery'>,
  inUse: boolean,
): Promise<readonly Finding[]> {
  const { orphans, bound, quarantine } = await recovery.quarantine.survey();
  const held =
    quarantine.count === 0
      ? ok('Nothing is in quarantine.')
      : note(
          `${blobs(quarantine.count)} in quarantine, ${quarantine.bytes} bytes.`,
          'List with: coffer quarantine list',
        );
  return [held, orphaned(orphans, bound, inUse)];
}

function orphaned(
  { count, ids }: { readonly count: number; readonly ids: readonly string[] },
  bound: number,
  inUse: boolean,
) {
  if (count === 0) return ok('Every blob is named by a file.');
  const text = `${blobs(count)} named by no file (${ids.slice(0, named).join(', ')}${count > named ? ', …' : ''})`;
  if (count > bound)
    return problem(
      `${text}, and interrupted uploads can have left at most ${bound}: the metadata is older than the blobs.`,
      'Nothing of it is removed. Restore the metadata that belongs to these blobs.',
    );
  return inUse
    ? note(`${text}.`, 'Nothing to do: uploads that are under way have such blobs.')
    : note(`${text}, as interrupted uploads leave them.`, 'Nothing to do: the next start puts them into quarantine.');
}

function blobs(count: number): string {
  return count === 1 ? 'One blob is' : `${count} blobs are`;
}
