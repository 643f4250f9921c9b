import { Buffer } from 'node:buffer';
import type { SecretForm } from '@coffer/storage-testkit';
import { AnchorTable } from './anchor-table.ts';
import { hashAt, windowLength } from './rolling-hash.ts';
import { writtenForms, type Secret } from './secret.ts';

/** A place where a secret is. */
export interface Hit {
  readonly secret: Secret;
  /** For example `hex` or `base64, alignment 0`. */
  readonly form: string;
  readonly offset: number;
}

/** Greater than the number of forms of any secret. */
const formsPerSecret = 32;

/**
 * Where the window of a form, for which is searched, may lie, as fractions of the form's length. The first window that
 * no other form has is taken: a window that many secrets share would be found everywhere, and all of them would have to
 * be compared there.
 */
const anchorPlaces = [1 / 2, 1 / 4, 3 / 4, 7 / 8, 1 / 8, 5 / 8, 3 / 8, 1] as const;

/**
 * Searches for many secrets in every form at once, in a time that depends on the amount of data and hardly on the
 * number of secrets.
 */
export class SecretSearch {
  readonly #secrets: readonly Secret[];
  readonly #table: AnchorTable;
  /** Bytes of the longest form: how far pieces that are searched one after the other have to overlap. */
  readonly longestForm: number;
  readonly patternCount: number;

  /** @throws Error for secrets too short to be searched for; see `isSearchable`. */
  constructor(secrets: readonly Secret[]) {
    this.#secrets = secrets;
    let longest = 0;
    const taken = new Set<number>();
    const anchors = secrets.map((secret) =>
      writtenForms(secret).map(({ bytes }) => {
        longest = Math.max(longest, bytes.length);
        return freeAnchor(bytes, taken);
      }),
    );
    this.longestForm = longest;
    this.patternCount = anchors.reduce((sum, { length }) => sum + length, 0);
    this.#table = new AnchorTable(this.patternCount);
    for (const [number, ofSecret] of anchors.entries())
      for (const [form, { hash, place }] of ofSecret.entries())
        this.#table.add(hash, (number * formsPerSecret + form) * anchorPlaces.length + place);
  }

  /** All places where a secret is. */
  find(haystack: Uint8Array): readonly Hit[] {
    const hits: Hit[] = [];
    this.#table.scan(haystack, (pattern, at) => {
      const number = Math.floor(pattern / anchorPlaces.length);
      const secret = this.#secrets[Math.floor(number / formsPerSecret)];
      const form = secret && writtenForms(secret)[number % formsPerSecret];
      if (secret === undefined || form === undefined) return;
      const offset = at - anchorAt(form.bytes, pattern % anchorPlaces.length);
      if (isAt(haystack, offset, form)) hits.push({ secret, form: form.name.replace(/\bsecret: /, ''), offset });
    });
    return hits;
  }
}

/** Chooses the first place whose window no other form has, or the middle if all windows are taken. */
function freeAnchor(bytes: Uint8Array, taken: Set<number>): { readonly hash: number; readonly place: number } {
  for (const place of anchorPlaces.keys()) {
    const hash = hashAt(bytes, anchorAt(bytes, place));
    if (taken.has(hash)) continue;
    taken.add(hash);
    return { hash, place };
  }
  return { hash: hashAt(bytes, anchorAt(bytes, 0)), place: 0 };
}

function anchorAt(bytes: Uint8Array, place: number): number {
  return Math.floor((bytes.length - windowLength) * (anchorPlaces[place] ?? 0));
}

function isAt(haystack: Uint8Array, offset: number, { bytes }: SecretForm): boolean {
  if (offset < 0 || offset + bytes.length > haystack.length) return false;
  return Buffer.compare(haystack.subarray(offset, offset + bytes.length), bytes) === 0;
}
