import { localNameProblem, parentsOf } from './local-name.ts';
import type { LocalTree } from './local-tree.ts';
import { isSame, type RemoteFile } from './remote-tree.ts';
import { takesPart, type SyncAction, type SyncOptions } from './sync-options.ts';

/** What has to be done with a directory. */
export interface DownPlan {
  /** What is in the way, then what is transferred or refused, then what is surplus. */
  readonly groups: readonly (readonly SyncAction[])[];
  /** Directories that have to be removed once what is in the way is gone. */
  readonly directoriesInTheWay: readonly string[];
}

type PlanOptions = Pick<SyncOptions, 'include' | 'exclude' | 'deleteExtraneous'>;

/** Plans the actions that make the directory like the bucket. */
export function planDown(
  local: LocalTree,
  remote: ReadonlyMap<string, RemoteFile>,
  options: PlanOptions,
  platform: string,
): DownPlan {
  const { deleteExtraneous = false } = options;
  const inTheWay = new Set<string>();
  const directories = new Set<string>();
  const transfers: SyncAction[] = [];
  for (const [name, file] of remote) {
    const there = local.files.get(name);
    if (there !== undefined && isSame(there, file)) continue;
    const place = placeOf(name, local, remote, platform);
    const isClearable = place.blockers.every(
      (blocker) => deleteExtraneous && isSurplus(blocker, local, remote, options),
    );
    const reason = place.problem ?? (isClearable ? undefined : 'has a file or directory of another name in its way');
    if (reason !== undefined) {
      transfers.push({ kind: 'refuse', name, reason });
      continue;
    }
    for (const blocker of place.blockers) inTheWay.add(blocker);
    for (const directory of place.directories) directories.add(directory);
    transfers.push({ kind: 'download', name, size: file.size });
  }
  const surplus = deleteExtraneous
    ? [...local.files.keys()].filter((name) => !inTheWay.has(name) && isSurplus(name, local, remote, options))
    : [];
  const groups = [removals(inTheWay), transfers, removals(surplus)];
  return { groups, directoriesInTheWay: [...directories] };
}

function removals(names: Iterable<string>): SyncAction[] {
  return [...names].map((name) => ({ kind: 'delete', name }));
}

function isSurplus(
  name: string,
  { files }: LocalTree,
  remote: ReadonlyMap<string, RemoteFile>,
  options: PlanOptions,
): boolean {
  return files.has(name) && !remote.has(name) && takesPart(options, name);
}

/** What there is where a file is to go. */
interface Place {
  readonly problem: string | undefined;
  /** Files and other things that would have to go first. */
  readonly blockers: readonly string[];
  /** Directories that would have to go after them. */
  readonly directories: readonly string[];
}

function placeOf(name: string, local: LocalTree, remote: ReadonlyMap<string, RemoteFile>, platform: string): Place {
  const refused = (problem: string): Place => ({ problem, blockers: [], directories: [] });
  const nameProblem = localNameProblem(name, platform);
  if (nameProblem !== undefined) return refused(nameProblem);
  const parents = parentsOf(name);
  if (parents.some((parent) => remote.has(parent))) return refused('is below the name of another file');
  for (const path of [...parents, name]) {
    const other = local.others.get(path);
    if (other !== undefined) return refused(path === name ? other : `leads through ${path}, which ${other}`);
  }
  const blockers = parents.filter((parent) => local.files.has(parent));
  if (!local.directories.has(name)) return { problem: undefined, blockers, directories: [] };
  const below = (path: string) => path.startsWith(`${name}/`);
  return {
    problem: undefined,
    blockers: [...blockers, ...[...local.files.keys(), ...local.others.keys()].filter(below)],
    directories: [name, ...[...local.directories].filter(below)],
  };
}
