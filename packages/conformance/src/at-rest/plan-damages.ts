import { chunkingsOf, replayed, swapped, type Chunking } from './chunkings.ts';
import type { DamageKind } from './checks.ts';
import { editsOf, seededNumbers, type Change, type Damage } from './damage.ts';
import { pairDamages } from './plan-pairs.ts';
import type { Form } from './specimens.ts';
import { isLocated, type StoredFile } from './stored-file.ts';

/** What a plan depends on besides the files. */
export interface PlanOptions {
  readonly run: string;
  readonly blockHint: number | undefined;
}

/** A damage of one piece before it has been given a victim. */
interface Draft {
  readonly kind: DamageKind;
  readonly title: string;
  readonly change: Change;
  readonly around?: number;
}

/** Everything that is done to the files of one mode and form; nothing where they are not located. */
export function planDamages(
  files: readonly StoredFile[],
  plain: readonly StoredFile[],
  options: PlanOptions,
): readonly Damage[] {
  const located = files.filter(isLocated);
  const victims = located.filter(({ role }) => role === 'victim');
  const [first] = victims;
  if (first === undefined) return [];
  const single = draftsFor(first, options).flatMap((draft, index): readonly Damage[] => {
    const victim = victims[index % victims.length] ?? first;
    const damage = damageOf(draft, victim);
    return damage === undefined ? [] : [damage];
  });
  return [...single, ...pairDamages(files, plain)];
}

/** All victims of a mode and form are of the same size, so that what fits one fits each. */
function draftsFor(file: StoredFile, { run, blockHint }: PlanOptions): readonly Draft[] {
  const piece = damagedPiece(file);
  const stored = piece?.bytes?.length ?? 0;
  const chunkings = chunkingsOf(piece?.content.length ?? 0, stored, blockHint);
  // There are not many large files, and each is damaged once per start of the server.
  const likely = file.form === 'large' ? chunkings.filter(({ exact }) => exact) : chunkings;
  return [
    ...flips(`${run} ${file.mode.id} ${file.form}`, stored, file.form),
    ...truncations(stored, likely),
    ...extensions(run),
    ...likely.map((chunking): Draft => ({
      ...{ kind: 'reorder', title: `pieces 1 and 2 exchanged (${chunking.title})`, around: 0.1 },
      change: (bytes) => swapped(chunking, bytes),
    })),
    ...likely.slice(0, 4).map((chunking): Draft => ({
      ...{ kind: 'reorder', title: `piece 1 in the place of piece 2 (${chunking.title})`, around: 0.1 },
      change: (bytes) => replayed(chunking, bytes),
    })),
    { kind: 'remove', title: 'removed', change: () => undefined },
  ];
}

/** Of a large file it is the second part, which is neither at the begin nor at the end. */
function damagedPiece({ pieces }: StoredFile) {
  return pieces[1] ?? pieces[0];
}

function damageOf({ kind, title, change, around }: Draft, victim: StoredFile): Damage | undefined {
  const piece = damagedPiece(victim);
  const edits = piece && editsOf(piece, change);
  if (edits === undefined) return undefined;
  const start = victim.pieces.length > 1 ? (victim.pieces[0]?.content.length ?? 0) : 0;
  const length = piece?.content.length ?? 0;
  return {
    ...{ kind, title, victims: [victim], edits },
    ...(around !== undefined && { around: (start + around * length) / victim.content.length }),
  };
}

function flips(seed: string, stored: number, form: Form): readonly Draft[] {
  const borders = [4096, 16_384, 65_536].flatMap((border) => [border - 1, border, border + 16]);
  const ends = [0, 1, 15, 40, stored >> 1, stored - 17, stored - 16, stored - 1];
  const random = seededNumbers(seed, form === 'file' ? 10 : 4, stored);
  const chosen = form === 'large' ? [0, 40, 16_384, 65_535, stored >> 1, stored - 1] : [...ends, ...borders];
  const offsets = new Set([...chosen, ...random].filter((at) => at >= 0 && at < stored));
  const bits = seededNumbers(`${seed} bits`, offsets.size, 8);
  return [...offsets].map((at, index) => {
    const bit = bits[index] ?? 0;
    return {
      ...{ kind: 'flip', title: `bit ${bit} of byte ${at} of ${stored} flipped`, around: at / stored },
      change: (bytes) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        return changed;
      },
    };
  });
}

function truncations(stored: number, chunkings: readonly Chunking[]): readonly Draft[] {
  const lengths = new Map([0, 1, stored >> 1, 4096, 16_384, 65_536, stored - 16, stored - 1].map((at) => [at, '']));
  for (const chunking of chunkings) {
    const pieces = chunking.count - 1;
    const at = chunking.head + pieces * chunking.stride;
    lengths.set(at, `, after ${pieces} pieces (${chunking.title})`);
  }
  return [...lengths]
    .filter(([length]) => length >= 0 && length < stored)
    .map(([length, why]) => ({
      ...{ kind: 'truncate', title: `cut off at ${length} of ${stored}${why}`, around: length / stored },
      change: (bytes) => bytes.subarray(0, length),
    }));
}

function extensions(run: string): readonly Draft[] {
  const longer = (title: string, more: (bytes: Uint8Array) => Uint8Array): Draft => ({
    ...{ kind: 'extend', title, around: 1 },
    change: (bytes) => Buffer.concat([bytes, more(bytes)]),
  });
  return [
    longer('a zero byte added', () => new Uint8Array(1)),
    longer('16 bytes added', () => Uint8Array.from(seededNumbers(`${run} added`, 16, 256))),
    longer('its last 4112 bytes added once more', (bytes) => bytes.subarray(-4112)),
    longer('all of it added once more', (bytes) => bytes),
  ];
}
