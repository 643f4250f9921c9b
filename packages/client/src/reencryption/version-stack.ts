import type { FileId, ParsedResponseOf } from '@coffer/b2-schema';

type ListedVersion = ParsedResponseOf<'b2_list_file_versions'>['files'][number];
/** A version with content. */
export type ContentVersion = Extract<ListedVersion, { readonly action: 'upload' | 'copy' }>;
type HideMarker = Extract<ListedVersion, { readonly action: 'hide' }>;
/** A version that a name has: content, or a hide marker. */
export type Version = ContentVersion | HideMarker;

/** The file info entry of a copy that names the version it was made of. */
export const reencryptedFromInfo = 'reencrypted_from';

/** Which versions are to be copied, and which are as they are wanted already. */
export interface Selection {
  readonly isTarget: (version: ContentVersion) => boolean;
  readonly isSelected: (version: ContentVersion) => boolean;
}

/** What has to be done with the versions of one name. */
export interface NamePlan {
  /** To be copied, in this order. The last of them is to be the current version, unless the name is to be hidden. */
  readonly copies: readonly ContentVersion[];
  /** Whether the name has to be hidden afterwards, as it was. */
  readonly hideAgain: boolean;
  /** Versions whose copies are there already, the newest first, each with its copy. */
  readonly copied: ReadonlyMap<ContentVersion, ContentVersion>;
}

const nothing: NamePlan = { copies: [], hideAgain: false, copied: new Map() };

/** Versions of one name after the other, each name's the newest first. Unfinished large files are left out. */
export async function* stacks(rows: AsyncGenerator<ListedVersion, void>): AsyncGenerator<Version[], void> {
  let stack: Version[] = [];
  for await (const row of rows) {
    if (row.action === 'start' || row.action === 'folder') continue;
    if (stack[0] !== undefined && stack[0].fileName !== row.fileName) {
      yield stack;
      stack = [];
    }
    stack.push(row);
  }
  if (stack.length > 0) yield stack;
}

/** Plans for the current version only; `undefined` if it is not among those that are selected. */
export function planCurrent(stack: readonly Version[], selection: Selection): NamePlan | undefined {
  const [head] = stack;
  if (head === undefined || head.action === 'hide') return nothing;
  if (!selection.isTarget(head)) return selection.isSelected(head) ? { ...nothing, copies: [head] } : undefined;
  const source = stack.find(({ fileId }) => fileId === sourceOf(head));
  const isOld = source !== undefined && source.action !== 'hide' && !selection.isTarget(source);
  return isOld ? { ...nothing, copied: new Map([[source, head]]) } : nothing;
}

/**
 * Plans for all versions. A copy is always the newest version of its name, so they are copied from the oldest to the
 * newest; and what was on top before has to be on top again. What an earlier run has copied is known by
 * {@link reencryptedFromInfo}. `undefined` if a version that is not selected would come to lie below older ones.
 */
export function planAll(stack: readonly Version[], selection: Selection): NamePlan | undefined {
  const copied = copiedIn(stack, selection);
  const originals = stack.filter((version) => !isCopy(version, selection));
  const content = originals.filter((version) => version.action !== 'hide');
  const missing = content.filter((version) => !selection.isTarget(version) && !copied.has(version));
  const last = missing.findLastIndex(selection.isSelected);
  if (missing.slice(0, Math.max(0, last)).some((version) => !selection.isSelected(version))) return undefined;
  const copies = missing.filter(selection.isSelected).reverse();
  const [top] = originals;
  if (top === undefined || copies.at(-1) === top) return { copies, hideAgain: false, copied };
  if (copies.length === 0 && !isCovered(stack, top)) return { copies, hideAgain: false, copied };
  if (top.action === 'hide') return { copies, hideAgain: true, copied };
  if (!selection.isTarget(top) && !copied.has(top)) return undefined;
  return { copies: [...copies, copied.get(top) ?? top], hideAgain: false, copied };
}

/** Whether an earlier run was interrupted, and has left the copy of an older version above `top`. */
function isCovered(stack: readonly Version[], top: Version): boolean {
  const [head] = stack;
  if (head === undefined || head === top || head.action === 'hide') return false;
  return stack.findIndex(({ fileId }) => fileId === sourceOf(head)) > stack.indexOf(top);
}

function copiedIn(stack: readonly Version[], selection: Selection): Map<ContentVersion, ContentVersion> {
  const byId = new Map<FileId, ContentVersion>();
  for (const version of stack) if (version.action !== 'hide') byId.set(version.fileId, version);
  const copied = new Map<ContentVersion, ContentVersion>();
  for (const version of stack) {
    if (version.action === 'hide' || !isCopy(version, selection)) continue;
    const source = byId.get(sourceOf(version) as FileId);
    // The newest copy counts.
    if (source !== undefined && !copied.has(source)) copied.set(source, version);
  }
  // The order in which they are deleted: see `removeOld`.
  return new Map([...copied].sort(([one], [other]) => stack.indexOf(one) - stack.indexOf(other)));
}

function isCopy(version: Version, { isTarget }: Selection): boolean {
  return version.action !== 'hide' && isTarget(version) && sourceOf(version) !== undefined;
}

function sourceOf({ fileInfo }: ContentVersion): string | undefined {
  return fileInfo[reencryptedFromInfo];
}
