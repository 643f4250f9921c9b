import { randomContent, type Role } from './specimens.ts';
import { editsOf, type Change, type Damage } from './damage.ts';
import type { DamageKind } from './checks.ts';
import { isLocated, type StoredFile, type StoredPiece } from './stored-file.ts';

/** What is done with the bytes of two files or versions, of two parts, or of a plain file and an encrypted one. */
export function pairDamages(files: readonly StoredFile[], plain: readonly StoredFile[]): readonly Damage[] {
  const located = files.filter(isLocated);
  return [
    ...exchanges(located),
    // What is stored of an old version may be gone, and is yet known.
    ...versions(files),
    ...parts(located),
    ...downgrades(located, plain),
  ];
}

const withRole = (files: readonly StoredFile[], role: Role): readonly StoredFile[] =>
  files.filter((file) => file.role === role);

/** A damage with these edits; none if one of them cannot be done. */
function damage(
  kind: DamageKind,
  title: string,
  victims: readonly StoredFile[],
  changes: readonly (readonly [StoredPiece | undefined, Change])[],
): readonly Damage[] {
  const edits = changes.map(([piece, change]) => (piece === undefined ? undefined : editsOf(piece, change)));
  const possible = edits.filter((edit) => edit !== undefined);
  return possible.length < edits.length ? [] : [{ kind, title, victims, edits: possible.flat() }];
}

/** The bytes of another piece in the place of a piece's own. */
const becomes =
  (other: StoredPiece | undefined): Change =>
  () =>
    other?.bytes;

function exchanges(files: readonly StoredFile[]): readonly Damage[] {
  const [first, second] = withRole(files, 'victim').slice(-2);
  if (first === undefined || second === undefined) return [];
  const [one, other] = [first.pieces[0], second.pieces[0]];
  if (one?.bytes === undefined || other?.bytes === undefined) return [];
  const donor = other.bytes;
  const half = donor.length >> 1;
  return [
    ...damage(
      'exchange',
      'exchanged with another file of its length',
      [first, second],
      [
        [one, becomes(other)],
        [other, becomes(one)],
      ],
    ),
    ...damage('exchange', 'the bytes of another file', [first], [[one, becomes(other)]]),
    ...damage(
      'exchange',
      'its second half from another file',
      [first],
      [[one, (bytes) => Buffer.concat([bytes.subarray(0, half), donor.subarray(half)])]],
    ),
    ...damage(
      'exchange',
      'its first half from another file',
      [first],
      [[one, (bytes) => Buffer.concat([donor.subarray(0, half), bytes.subarray(half)])]],
    ),
  ];
}

/** The old version is only there where versions are kept; its bytes were seen in any case. */
function versions(files: readonly StoredFile[]): readonly Damage[] {
  const [[before], [now]] = [withRole(files, 'old'), withRole(files, 'new')];
  if (before === undefined || now === undefined) return [];
  const [old, current] = [before.pieces[0], now.pieces[0]];
  if (old?.bytes === undefined || current?.bytes === undefined) return [];
  const rolledBack = damage('versions', 'the bytes of the version before', [now], [[current, becomes(old)]]);
  if (before.handle.version === undefined || old.places.length === 0) return rolledBack;
  return [
    ...rolledBack,
    ...damage('versions', 'the bytes of the version after', [before], [[old, becomes(current)]]),
    ...damage(
      'versions',
      'exchanged with the other version',
      [before, now],
      [
        [old, becomes(current)],
        [current, becomes(old)],
      ],
    ),
  ];
}

function parts(files: readonly StoredFile[]): readonly Damage[] {
  const [[victim, donor], [again]] = [withRole(files, 'victim'), withRole(files, 'again')];
  const [one, other] = victim?.pieces ?? [];
  if (victim === undefined || one === undefined || other === undefined) return [];
  const ofAnother = donor?.pieces[1];
  const attempt = again?.firstAttempt;
  return [
    ...damage(
      'parts',
      'two of its parts exchanged',
      [victim],
      [
        [one, becomes(other)],
        [other, becomes(one)],
      ],
    ),
    ...damage('parts', 'part 1 in the place of part 2', [victim], [[other, becomes(one)]]),
    ...(ofAnother?.bytes === undefined
      ? []
      : damage('parts', 'part 2 of another file in the place of part 2', [victim], [[other, becomes(ofAnother)]])),
    ...(again === undefined || attempt?.bytes === undefined
      ? []
      : damage('parts', 'the first attempt at part 1 in its place', [again], [[again.pieces[0], becomes(attempt)]])),
  ];
}

/** What would be given out has to differ from what was written, or nobody could tell. */
function downgrades(files: readonly StoredFile[], plain: readonly StoredFile[]): readonly Damage[] {
  const victims = withRole(files, 'victim');
  const [victim] = victims;
  const piece = victim?.pieces[1] ?? victim?.pieces[0];
  if (victim === undefined || piece?.bytes === undefined) return [];
  const text = randomContent(`not ${victim.name}`, piece.content.length);
  const donor = withRole(plain, 'victim')[0];
  const stored = (donor?.pieces[1] ?? donor?.pieces[0])?.bytes;
  const padded = (bytes: Uint8Array): Uint8Array => Buffer.concat([text, bytes.subarray(text.length)]);
  const later = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes.subarray(0, bytes.length - text.length), text]);
  const chosen = (index: number): StoredFile => victims[index % victims.length] ?? victim;
  const pieceOf = (file: StoredFile): StoredPiece | undefined => file.pieces[1] ?? file.pieces[0];
  const changes: readonly (readonly [string, Change])[] = [
    ['other content, not encrypted', () => text],
    ['other content, not encrypted, at its begin', padded],
    ['other content, not encrypted, at its end', later],
    ...(stored === undefined ? [] : [['the stored bytes of a plain file of its length', () => stored] as const]),
  ];
  return changes.flatMap(([title, change], index) =>
    damage('downgrade', title, [chosen(index)], [[pieceOf(chosen(index)), change]]),
  );
}
