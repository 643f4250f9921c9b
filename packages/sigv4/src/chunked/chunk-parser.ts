import { hashing } from '#hashing';
import type { RunningSha256 } from '../hashing/hashing.ts';
import type { HeaderPair } from '../request/header-lines.ts';
import type { ChunkSignatures } from '../signature/chunk-signatures.ts';
import type { ChunkedHeaders } from './chunked-headers.ts';
import { incompleteBody, requireChunkSignature } from './chunk-refusals.ts';
import { LineBuffer, type Line } from './line-buffer.ts';
import { TrailerSection } from './trailer-section.ts';
import { malformedTrailer } from './trailer-names.ts';

const chunkLineLimit = 4096;
const trailerLimit = 16 * 1024;
/** After a chunk's data: CR and LF. */
const dataEndLimit = 2;

const unsignedLine = /^([0-9a-f]+)$/i;
const signedLine = /^([0-9a-f]+);chunk-signature=(.*)$/i;

/** How a body is framed, and what signs it. */
export interface ChunkedBody extends ChunkedHeaders {
  /** Undefined for chunks that are not signed. */
  readonly signatures: ChunkSignatures | undefined;
}

/**
 * Takes an aws-chunked body apart as its pieces come ("Signature Calculations for the Authorization Header:
 * Transferring Payload in Multiple Chunks", Amazon S3 API Reference). Holds one line at most.
 */
export class ChunkParser {
  readonly #body: ChunkedBody;
  readonly #line = new LineBuffer();
  readonly #trailers: TrailerSection;
  #state: 'chunk' | 'data' | 'data end' | 'trailers' | 'over' = 'chunk';
  #left = 0;
  #decoded = 0;
  #trailerBytes = 0;
  #signature = '';
  #hash: RunningSha256 | undefined;

  constructor(body: ChunkedBody) {
    this.#body = body;
    this.#trailers = new TrailerSection(body.trailers, body.signatures);
  }

  /**
   * The data in a piece, as parts of it. Data is given out before its chunk's signature is known.
   *
   * @throws SigV4Error
   */
  feed(piece: Uint8Array): Uint8Array[] {
    const data: Uint8Array[] = [];
    let rest = piece;
    while (rest.length > 0) rest = this.#state === 'data' ? this.#takeData(rest, data) : this.#takeLine(rest);
    return data;
  }

  /**
   * The trailers, when the body has ended.
   *
   * @throws SigV4Error
   */
  finish(): readonly HeaderPair[] {
    const mayBeOver = this.#state === 'trailers' && this.#trailers.mayBeOver && this.#line.isEmpty;
    if (this.#state !== 'over' && !mayBeOver) throw incompleteBody();
    return this.#trailers.finish();
  }

  #takeData(piece: Uint8Array, data: Uint8Array[]): Uint8Array {
    const own = piece.subarray(0, this.#left);
    this.#hash?.update(own);
    data.push(own);
    this.#left -= own.length;
    if (this.#left === 0) this.#endData('data end');
    return piece.subarray(own.length);
  }

  #endData(next: 'data end' | 'trailers'): void {
    const { signatures } = this.#body;
    if (signatures !== undefined && this.#hash !== undefined)
      requireChunkSignature(signatures.next(this.#hash.hex()), this.#signature);
    this.#state = next;
  }

  #takeLine(piece: Uint8Array): Uint8Array {
    const { line, rest } = this.#line.take(piece, ...this.#lineLimit());
    if (line === undefined) return rest;
    if (this.#state === 'chunk') this.#beginChunk(line);
    else if (this.#state === 'data end') this.#endChunk(line);
    else this.#addTrailer(line);
    return rest;
  }

  #lineLimit(): [limit: number, tooLong: typeof incompleteBody] {
    if (this.#state === 'chunk') return [chunkLineLimit, incompleteBody];
    if (this.#state === 'data end') return [dataEndLimit, incompleteBody];
    if (this.#state === 'trailers') return [trailerLimit - this.#trailerBytes, malformedTrailer];
    return [0, incompleteBody];
  }

  #beginChunk({ text, end }: Line): void {
    const { signatures, decodedLength } = this.#body;
    const [, digits, signature = ''] = (signatures === undefined ? unsignedLine : signedLine).exec(text) ?? [];
    if (digits === undefined || end !== 'crlf') throw incompleteBody();
    this.#left = Number.parseInt(digits, 16);
    this.#decoded += this.#left;
    if (this.#decoded > decodedLength) throw incompleteBody();
    this.#signature = signature;
    this.#hash = signatures === undefined ? undefined : hashing.startSha256();
    if (this.#left > 0) this.#state = 'data';
    else this.#endLastChunk();
  }

  #endLastChunk(): void {
    this.#endData('trailers');
    if (this.#decoded < this.#body.decodedLength) throw incompleteBody();
  }

  #endChunk({ text, end }: Line): void {
    if (text !== '' || end !== 'crlf') throw incompleteBody();
    this.#state = 'chunk';
  }

  #addTrailer(line: Line): void {
    this.#trailerBytes += line.length;
    if (this.#body.trailers.length === 0 && line.text === '' && line.end === 'lf') throw incompleteBody();
    if (this.#trailers.add(line)) this.#state = 'over';
  }
}
