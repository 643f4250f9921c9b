import { trimmed, type HeaderPair } from '../request/header-lines.ts';
import type { ChunkSignatures } from '../signature/chunk-signatures.ts';
import { requireChunkSignature } from './chunk-refusals.ts';
import type { Line, LineEnd } from './line-buffer.ts';
import { malformedTrailer, requireChecksumValue, trailerSignature } from './trailer-names.ts';

/** The trailers behind the last chunk: exactly those that were announced and, if the chunks are signed, a signature. */
export class TrailerSection {
  readonly #announced: readonly string[];
  readonly #signatures: ChunkSignatures | undefined;
  readonly #found: HeaderPair[] = [];
  #signature: string | undefined;
  #lastEnd: LineEnd = 'crlf';
  #mayBeOver = false;

  /** `signatures` have come as far as the last chunk; undefined if nothing is signed. */
  constructor(announced: readonly string[], signatures: ChunkSignatures | undefined) {
    this.#announced = announced;
    this.#signatures = signatures;
  }

  /** Whether the body may end here, though no empty line that ends the section for certain has come. */
  get mayBeOver(): boolean {
    return this.#mayBeOver;
  }

  /** Chunks can be signed without any trailers. */
  get #isSigned(): boolean {
    return this.#signatures !== undefined && this.#announced.length > 0;
  }

  /**
   * Takes a line. Returns whether it ended the section: an empty one does, but not where the line before ended in a
   * bare LF. Some signers end a trailer by LF and CRLF, as the examples in the S3 API Reference print it, and go on
   * with the signature.
   *
   * @throws SigV4Error `MalformedTrailerError`
   */
  add({ text, end }: Line): boolean {
    if (text === '' && (this.#lastEnd === 'crlf' || this.#mayBeOver)) return true;
    this.#mayBeOver = text === '';
    this.#lastEnd = end;
    if (text !== '') this.#addTrailer(text);
    return false;
  }

  #addTrailer(text: string): void {
    const colon = text.indexOf(':');
    const name = text.slice(0, colon).toLowerCase();
    const value = trimmed(text.slice(colon + 1));
    if (colon === -1 || this.#signature !== undefined) throw malformedTrailer();
    if (name === trailerSignature && this.#isSigned) this.#signature = value;
    else if (this.#announced.includes(name) && this.#found.every(([other]) => other !== name))
      this.#found.push([name, value]);
    else throw malformedTrailer();
  }

  /**
   * The trailers in their order, when all have come.
   *
   * @throws SigV4Error `MalformedTrailerError` if one is missing, `SignatureDoesNotMatch`, `InvalidRequest` for a value
   * that is none of its checksum.
   */
  finish(): readonly HeaderPair[] {
    if (this.#found.length < this.#announced.length) throw malformedTrailer();
    if (this.#signatures !== undefined && this.#isSigned) {
      if (this.#signature === undefined) throw malformedTrailer();
      const lines = this.#found.map(([name, value]) => `${name}:${value}\n`).join('');
      requireChunkSignature(this.#signatures.trailer(lines), this.#signature);
    }
    for (const [name, value] of this.#found) requireChecksumValue(name, value);
    return this.#found;
  }
}
