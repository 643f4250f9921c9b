import type { ParsedResponseOf } from '@coffer/b2-schema';

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
  /** Whether what says that it is a copy has the content of its source, as far as the listing tells. */
  readonly isLike: (copied: ContentVersion, source: ContentVersion) => boolean;
}

/** What has to be done with the versions of one name. */
export interface NamePlan {
  /** To be copied, in this order. The last of them is to be the current version, unless the name is to be hidden. */
  readonly copies: readonly ContentVersion[];
  /** Whether the name has to be hidden afterwards, as it was. */
  readonly hideAgain: boolean;
  /** Versions whose copies are there already, each with its copy. */
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

/**
 * Plans for the current version only; `undefined` if it is not among those that are selected, or says that it is a copy
 * of a version that has other content.
 */
export function planCurrent(stack: readonly Version[], selection: Selection): NamePlan | undefined {
  const [head] = stack;
  if (head === undefined || head.action === 'hide') return nothing;
  if (!selection.isTarget(head)) return selection.isSelected(head) ? { ...nothing, copies: [head] } : undefined;
  const source = sourcesIn(stack, selection).get(head);
  if (source === undefined || selection.isTarget(source) || !selection.isSelected(source)) return nothing;
  return selection.isLike(head, source) ? { ...nothing, copied: new Map([[source, head]]) } : undefined;
}

/**
 * Plans for all versions. A copy is always the newest version of its name, so they are copied from the oldest to the
 * newest; and what was on top before has to be on top again. What an earlier run has copied is known by
 * {@link reencryptedFromInfo}. `undefined` if a version that is not selected would come to lie below older ones, or if
 * one says that it is a copy of a version that has other content.
 */
export function planAll(stack: readonly Version[], selection: Selection): NamePlan | undefined {
  const sources = sourcesIn(stack, selection);
  if ([...sources].some(([copy, source]) => !selection.isLike(copy, source))) return undefined;
  // The newest copy counts.
  const copied = new Map([...sources].reverse().map(([copy, source]) => [source, copy] as const));
  const originals = stack.filter((version) => version.action === 'hide' || !sources.has(version));
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

/** Copies with their sources, the newest first. A copy whose source is gone has taken its place, and is none. */
function sourcesIn(stack: readonly Version[], { isTarget }: Selection): Map<ContentVersion, ContentVersion> {
  const content = stack.filter((version) => version.action !== 'hide');
  const byId = new Map<string, ContentVersion>(content.map((version) => [version.fileId, version]));
  const sources = new Map<ContentVersion, ContentVersion>();
  for (const version of content) {
    const source = isTarget(version) ? byId.get(sourceOf(version) ?? '') : undefined;
    if (source !== undefined) sources.set(version, source);
  }
  return sources;
}

function sourceOf({ fileInfo }: ContentVersion): string | undefined {
  return fileInfo[reencryptedFromInfo];
}
