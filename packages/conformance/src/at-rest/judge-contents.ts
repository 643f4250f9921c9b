import type { CheckResult, Verdict } from './at-rest-report.ts';
import { requirements, type ContentKind } from './checks.ts';
import type { StorageMode } from './mode.ts';
import { needleLength } from './needles.ts';
import { keyMd5Owner, keyOwner, ownerOf, type DirectorySearch } from './search-directory.ts';
import { compressedShare, repeatedPieces, sharedPieces, shareKeystream, type Sealed } from './stored-bytes.ts';
import type { Role } from './specimens.ts';
import type { StoredFile, StoredPiece } from './stored-file.ts';

/** A look through the saved directory for files of one mode. */
export interface ContentCheck {
  readonly id: string;
  readonly kind: ContentKind;
  readonly mode: StorageMode;
}

/** What is known when the contents are judged. */
export interface ContentEvidence {
  readonly files: readonly StoredFile[];
  /** Whether all files were written that were meant to be. */
  readonly complete: boolean;
  readonly search: DirectorySearch;
  /** Ids of modes for which it is shown that the bytes that were taken for a file's are the file's. */
  readonly proven: ReadonlySet<string>;
}

/** The checks of the given modes. Of plain files there is only the search that proves the others. */
export function contentChecks(modes: readonly StorageMode[]): readonly ContentCheck[] {
  return modes.flatMap((mode) => {
    const kinds: readonly ContentKind[] = mode.encrypted
      ? ['canary', ...(mode.id === 'sse-c' ? ['keys' as const] : []), 'equal-content', 'structure', 'keystream']
      : ['canary'];
    return kinds.map((kind) => ({ id: `at-rest/${kind}/${mode.id}`, kind, mode }));
  });
}

interface Judged {
  readonly verdict: Verdict;
  readonly findings: string[];
}

/** The verdict on one check from what lies in the directory. */
export function judgeContents(check: ContentCheck, evidence: ContentEvidence): CheckResult {
  const { id, kind, mode } = check;
  const judged = judges[kind](mode, evidence);
  return { id, ...requirements[kind], ...judged, trials: [] };
}

/** The verdict on a check for which the run was interrupted too early. */
export function untold({ id, kind }: ContentCheck): CheckResult {
  return { id, ...requirements[kind], ...cannotTell('the run was interrupted before it was looked for'), trials: [] };
}

const judges: Readonly<Record<ContentKind, (mode: StorageMode, evidence: ContentEvidence) => Judged>> = {
  canary: judgeCanary,
  keys: judgeKeys,
  'equal-content': judgeEqual,
  structure: judgeStructure,
  keystream: judgeKeystream,
};

/** Whether content that is not encrypted is found, without which not finding others proves nothing. */
function controlHolds({ files, search }: ContentEvidence): boolean {
  const plain = files.filter(({ mode, form, role }) => !mode.encrypted && form === 'file' && role === 'witness');
  const pieces = (file: StoredFile): number => Math.floor(file.content.length / needleLength);
  return plain.length > 0 && plain.every((file) => search.of(ownerOf(file)).hits >= pieces(file) * 0.9);
}

const notComplete = 'not all files were written before the run was interrupted';
const noControl = 'the content of plain files is not found either, so that the search proves nothing';

function judgeCanary(mode: StorageMode, evidence: ContentEvidence): Judged {
  const { files, search } = evidence;
  // Zeros are everywhere, and are not looked for.
  const ofMode = files.filter((file) => file.mode.id === mode.id && file.role !== 'zeros');
  const found = ofMode.map((file) => ({ file, ...search.of(ownerOf(file)) })).filter(({ hits }) => hits > 0);
  const seen = `${ofMode.length} contents were looked for in ${search.files} files of ${search.bytes} bytes`;
  const places = found
    .slice(0, 4)
    .map(({ file, hits, where }) => `${file.name}: ${hits} pieces of 16 bytes, first ${where[0] ?? 'nowhere'}`);
  if (!mode.encrypted) return { verdict: 'information', findings: [seen, `${found.length} of them were found`] };
  if (found.length > 0) return { verdict: 'fail', findings: [seen, ...places] };
  if (!evidence.complete) return cannotTell(notComplete);
  return controlHolds(evidence) ? { verdict: 'pass', findings: [seen] } : cannotTell(noControl);
}

function judgeKeys(_: StorageMode, evidence: ContentEvidence): Judged {
  const [key, md5] = [evidence.search.of(keyOwner), evidence.search.of(keyMd5Owner)];
  const known = md5.hits === 0 ? [] : [`for information: the MD5 of the key is stored, such as ${md5.where[0] ?? ''}`];
  if (key.hits > 0) return { verdict: 'fail', findings: [`found: ${key.where.join('; ')}`, ...known] };
  if (!evidence.complete) return cannotTell(notComplete);
  const seen = 'the key was looked for raw, in base64 and in hex';
  return controlHolds(evidence) ? { verdict: 'pass', findings: [seen, ...known] } : cannotTell(noControl);
}

const notLocated = 'what is stored of these files could not be told apart from other things in the directory';
const notProven = 'nothing shows that the bytes that were taken for what is stored of these files are that';

function judgeEqual(mode: StorageMode, { files, proven }: ContentEvidence): Judged {
  const twins = piecesOf(files, mode, 'twin');
  const [unrelated] = piecesOf(files, mode, 'witness');
  const pairs = pairsOf(twins).filter(([one, other]) => Buffer.compare(one.content, other.content) === 0);
  if (pairs.length === 0 || unrelated === undefined) return cannotTell(notLocated);
  const shared = pairs.map(([one, other]) => sharedPieces(one.bytes, other.bytes, unrelated.bytes));
  const worst = Math.max(...shared);
  const seen = `${pairs.length} pairs of equal contents were compared`;
  if (worst > 0) return { verdict: 'fail', findings: [seen, `a pair shares ${worst} pieces of 16 stored bytes`] };
  return proven.has(mode.id) ? { verdict: 'pass', findings: [seen] } : cannotTell(notProven);
}

/** What an encrypted file could be compressed to, at least: random bytes cannot be compressed at all. */
const leastShare = 0.99;

function judgeStructure(mode: StorageMode, { files, proven }: ContentEvidence): Judged {
  const roles = ['text', 'repeated', 'zeros'] as const;
  const looked = roles.flatMap((role) => piecesOf(files, mode, role).map((piece) => ({ role, ...piece })));
  if (looked.length === 0) return cannotTell(notLocated);
  const problems = looked.flatMap(({ role, bytes }) => {
    const [share, repeats] = [compressedShare(bytes), repeatedPieces(bytes)];
    return [
      ...(share < leastShare ? [`${role}: what is stored is compressed to ${Math.round(share * 100)} %`] : []),
      ...(repeats > 0 ? [`${role}: pieces of 16 bytes come again ${repeats} times in what is stored`] : []),
    ];
  });
  if (problems.length > 0) return { verdict: 'fail', findings: problems };
  const seen = `looked at: ${looked.map(({ role }) => role).join(', ')}`;
  return proven.has(mode.id) ? { verdict: 'pass', findings: [seen] } : cannotTell(notProven);
}

function judgeKeystream(mode: StorageMode, { files, proven }: ContentEvidence): Judged {
  const [old] = piecesOf(files, mode, 'old');
  const [now] = piecesOf(files, mode, 'new');
  const attempts = files.flatMap(({ mode: { id }, firstAttempt, pieces: [first] }) =>
    id === mode.id ? [pairOf(firstAttempt, first)] : [],
  );
  const pairs = [
    ...pairsOf(piecesOf(files, mode, 'victim').slice(0, 4)),
    ...(old === undefined || now === undefined ? [] : [[old, now] as const]),
    ...attempts.filter((pair) => pair !== undefined),
    ...files.filter((file) => file.mode.id === mode.id && file.form === 'large').flatMap(firstParts),
  ].filter(([one, other]) => Buffer.compare(one.content, other.content) !== 0);
  if (pairs.length === 0) return cannotTell(notLocated);
  const shared = pairs.filter(([one, other]) => shareKeystream(one, other)).length;
  const seen = `${pairs.length} pairs of contents were compared`;
  if (shared > 0) return { verdict: 'fail', findings: [seen, `${shared} of them begin with the same key stream`] };
  return proven.has(mode.id) ? { verdict: 'pass', findings: [seen] } : cannotTell(notProven);
}

function cannotTell(why: string): Judged {
  return { verdict: 'cannot tell', findings: [why] };
}

type Pair = readonly [Sealed, Sealed];

function pairOf(one: StoredPiece | undefined, other: StoredPiece | undefined): Pair | undefined {
  if (one?.bytes === undefined || other?.bytes === undefined) return undefined;
  return [
    { content: one.content, bytes: one.bytes },
    { content: other.content, bytes: other.bytes },
  ];
}

function firstParts({ pieces: [one, other] }: StoredFile): readonly Pair[] {
  const pair = pairOf(one, other);
  return pair === undefined ? [] : [pair];
}

function pairsOf(sealed: readonly Sealed[]): readonly Pair[] {
  return sealed.flatMap((one, index) => sealed.slice(index + 1).map((other): Pair => [one, other]));
}

/** The pieces of a mode's files with a role whose stored bytes are known, but for small ones. */
function piecesOf(files: readonly StoredFile[], mode: StorageMode, role: Role): readonly Sealed[] {
  return files
    .filter((file) => file.mode.id === mode.id && file.role === role && file.form !== 'small')
    .flatMap(({ pieces }) => pieces)
    .flatMap(({ content, bytes }) => (bytes === undefined ? [] : [{ content, bytes }]));
}

/** Whether the bytes that were taken for plain files have their contents in them. */
export function plainPlacesHold(files: readonly StoredFile[]): boolean {
  const plain = files.filter(({ mode, form, role }) => !mode.encrypted && form === 'file' && role === 'victim');
  const known = plain.flatMap(({ pieces }) => pieces);
  return (
    known.length > 0 &&
    known.every(
      ({ bytes, content }) => bytes !== undefined && Buffer.from(bytes).includes(Buffer.from(content.subarray(0, 64))),
    )
  );
}
