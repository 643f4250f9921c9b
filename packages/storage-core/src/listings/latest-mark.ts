import { keys, type FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';

/**
 * Tells whether a version is the newest of its name, not counting unfinished large files. To be asked about each row of
 * a listing of versions in its order: of a name whose rows are all there the newest is the first. `begunIn`: the name
 * of which newer versions may come before the page; of that one it is looked up.
 */
export async function latestMark(
  core: Core,
  bucketId: string,
  begunIn: string | undefined,
): Promise<(version: FileVersionRecord) => boolean> {
  const head =
    begunIn === undefined ? undefined : await core.metadata.get('nameHeads', keys.nameHeads(bucketId, begunIn));
  const current = head?.value.current?.fileId;
  let last: string | undefined;
  return ({ action, name, fileId }) => {
    if (action === 'start') return false;
    const isFirst = name !== last;
    last = name;
    return name === begunIn ? fileId === current : isFirst;
  };
}
