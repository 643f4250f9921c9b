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

/** More than a secret has forms. */
const formsPerSecret = 32;

/** Looks for many secrets in every form at once, in a time that depends on what is searched and hardly on their number. */
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
    const anchors = secrets.map((secret) =>
      writtenForms(secret).map(({ bytes }) => {
        longest = Math.max(longest, bytes.length);
        return hashAt(bytes, anchorOf(bytes));
      }),
    );
    this.longestForm = longest;
    this.patternCount = anchors.reduce((sum, { length }) => sum + length, 0);
    this.#table = new AnchorTable(this.patternCount);
    for (const [number, hashes] of anchors.entries())
      for (const [place, hash] of hashes.entries()) this.#table.add(hash, number * formsPerSecret + place);
  }

  /** All places. */
  find(haystack: Uint8Array): readonly Hit[] {
    const hits: Hit[] = [];
    this.#table.scan(haystack, (pattern, at) => {
      const secret = this.#secrets[Math.floor(pattern / formsPerSecret)];
      const form = secret && writtenForms(secret)[pattern % formsPerSecret];
      if (secret === undefined || form === undefined) return;
      const offset = at - anchorOf(form.bytes);
      if (isAt(haystack, offset, form)) hits.push({ secret, form: form.name.replace(/\bsecret: /, ''), offset });
    });
    return hits;
  }
}

/** The middle: what secrets of one kind have in common is at their ends. */
function anchorOf(bytes: Uint8Array): number {
  return Math.floor((bytes.length - windowLength) / 2);
}

function isAt(haystack: Uint8Array, offset: number, { bytes }: SecretForm): boolean {
  if (offset < 0 || offset + bytes.length > haystack.length) return false;
  return Buffer.compare(haystack.subarray(offset, offset + bytes.length), bytes) === 0;
}
