import { createCipheriv, createHash } from 'node:crypto';
import type { StorageMode } from './mode.ts';

/** How large a file is, and by which calls it is written. */
export type Form = 'small' | 'file' | 'large';

/**
 * What a file is for. `victim`: is damaged. `witness`: never is, and has to stay readable. `twin`: two have the same
 * content. `old` and `new`: two versions of one name. `again`: a large file whose first part was sent twice.
 */
export type Role = 'victim' | 'witness' | 'twin' | 'old' | 'new' | 'again' | 'text' | 'repeated' | 'zeros';

/** A file that a run writes. */
export interface Specimen {
  readonly mode: StorageMode;
  readonly form: Form;
  readonly role: Role;
  readonly name: string;
  /** One, or the parts of a large file. */
  readonly parts: readonly Uint8Array[];
  /** Of `again`: what the first part was at first. */
  readonly firstAttempt?: Uint8Array;
}

/** Over two borders of 64 KiB and on no border of any usual size. */
const fileSize = 150_001;
const smallSize = 1000;
/** So large at least, so that a part is over a border of 64 KiB, too. */
const leastPart = 70_001;
const lastPart = 20_003;
/** So that equal blocks come again at every usual chunk size. */
const period = 4096;
/** Each is damaged once per start of the server, so that many of them make a run short. */
const victims = { file: 10, large: 6, small: 5 } as const;

/** What is written before the directory is saved for the first time: the older versions. */
export function earlierSpecimens(run: string, modes: readonly StorageMode[]): readonly Specimen[] {
  return modes.map((mode) => ({
    ...{ mode, form: 'file', role: 'old', name: `${mode.id}/versions` },
    parts: [randomContent(`${run} ${mode.id} old`, fileSize)],
  }));
}

/** Everything else, with what each check needs. */
export function specimensOf(
  run: string,
  modes: readonly StorageMode[],
  { minimumPart, large }: { readonly minimumPart: number; readonly large: boolean },
): readonly Specimen[] {
  return modes.flatMap((mode) => [...filesOf(run, mode), ...(large ? largeFilesOf(run, mode, minimumPart) : [])]);
}

function filesOf(run: string, mode: StorageMode): readonly Specimen[] {
  const fresh = (what: string, size = fileSize): Uint8Array => randomContent(`${run} ${mode.id} ${what}`, size);
  const file = (role: Role, name: string, content: Uint8Array): Specimen => {
    const form = content.length === smallSize ? 'small' : 'file';
    return { mode, form, role, name: `${mode.id}/${name}`, parts: [content] };
  };
  const shared = fresh('twin');
  return [
    file('new', 'versions', fresh('new')),
    ...Array.from({ length: victims.file }, (_, index) => file('victim', `victim-${index}`, fresh(`victim ${index}`))),
    ...[0, 1].map((index) => file('twin', `twin-${index}`, shared)),
    file('witness', 'witness', fresh('witness')),
    ...Array.from({ length: victims.small }, (_, index) =>
      file('victim', `small-${index}`, fresh(`small ${index}`, smallSize)),
    ),
    file('text', 'text', textContent(`${run} ${mode.id}`, fileSize)),
    file('repeated', 'repeated', repeatedContent(fresh('period', period), fileSize)),
    file('zeros', 'zeros', new Uint8Array(fileSize)),
  ];
}

function largeFilesOf(run: string, mode: StorageMode, minimumPart: number): readonly Specimen[] {
  const size = Math.max(minimumPart, leastPart);
  const fresh = (what: string, length: number): Uint8Array => randomContent(`${run} ${mode.id} ${what}`, length);
  const partsOf = (what: string): readonly Uint8Array[] => [
    fresh(`${what} 1`, size),
    fresh(`${what} 2`, size),
    fresh(`${what} 3`, lastPart),
  ];
  const file = (role: Role, name: string, parts: readonly Uint8Array[]): Specimen => ({
    ...{ mode, form: 'large', role, name: `${mode.id}/${name}`, parts },
  });
  const same = fresh('same part', size);
  return [
    ...Array.from({ length: victims.large }, (_, index) => file('victim', `large-${index}`, partsOf(`large ${index}`))),
    { ...file('again', 'large-again', partsOf('again')), firstAttempt: fresh('first attempt', size) },
    file('twin', 'large-same-parts', [same, same, fresh('last part', lastPart)]),
    file('witness', 'large-witness', partsOf('witness')),
  ];
}

/** Bytes that look random and are the same for the same text. */
export function randomContent(of: string, size: number): Uint8Array {
  const key = createHash('sha256').update(of).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** Lines of digits: every 16 bytes of it are its own, and it could be compressed to half. */
function textContent(of: string, size: number): Uint8Array {
  return Buffer.from(Buffer.from(randomContent(`${of} text`, Math.ceil(size / 2))).toString('hex')).subarray(0, size);
}

function repeatedContent(block: Uint8Array, size: number): Uint8Array {
  return Buffer.alloc(size, block);
}
