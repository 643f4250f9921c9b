import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { typescriptEngine, type ChunkEngine } from '@coffer/envelope-crypto';
import { nativeEngine } from '@coffer/envelope-native';
import { measureRounds, median, medianRatio, type Contestant } from '../measure.ts';
import type { BenchmarkResult } from '../report.ts';

const algorithm = 'aes-256-gcm';
const chunkLength = 16_384;
const tagLength = 16;
/** Plaintext of one call: what a server has in its hands at a time. */
const pieceLength = 2 ** 18;
const tagsOfPiece = (pieceLength / chunkLength) * tagLength;

interface Work {
  readonly plaintext: Uint8Array;
  /** A piece, sealed, and room for another. */
  readonly sealed: Uint8Array;
  readonly opened: Uint8Array;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/**
 * The engines for chunks by themselves, without streams: runs of 256 KiB on one thread, against one long AES-256-GCM
 * stream of Node. The native one takes part where its library is there.
 */
export async function enginesBenchmark(size: number, rounds: number): Promise<BenchmarkResult> {
  const work: Work = {
    plaintext: randomBytes(size),
    sealed: new Uint8Array(pieceLength + tagsOfPiece),
    opened: new Uint8Array(pieceLength),
    key: randomBytes(32),
    nonce: randomBytes(12),
  };
  const found = nativeEngine();
  const engines = [typescriptEngine, ...('engine' in found ? [found.engine] : [])];
  const parts = [longStream(work), ...engines.map((engine) => contestantsOf(engine, work))];
  const contestants = Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
  const rates = await measureRounds(contestants, rounds);
  const rateOf = (name: string): readonly number[] => rates[name] ?? [];
  const rows = Object.keys(contestants).map((name) => [name, Math.round(median(rateOf(name)) / 1e6)]);
  return {
    tables: [{ title: 'Engines, one thread, 256 KiB per call', columns: ['', 'MB/s'], rows }],
    ratios: engines.flatMap(({ name }) =>
      ['seal', 'open', 'seal, SHA-1, MD5'].map((what) => ({
        name: `${name} ${what} / long ${what}, 256 KiB per call`,
        value: medianRatio(rateOf(`${name} ${what}`), rateOf(`long ${what}`)),
        aim: name === 'native' && what !== 'seal, SHA-1, MD5' ? { atLeast: 2 } : null,
      })),
    ),
    notes: 'missing' in found ? [found.missing] : [],
  };
}

function contestantsOf(engine: ChunkEngine, work: Work): Record<string, Contestant> {
  const { plaintext, sealed, opened } = work;
  const worker = engine.chunksOf(work.key, work.nonce);
  // The one piece that is opened over and over, at place 0.
  const stored = sealed.slice();
  worker.seal(0, plaintext.subarray(0, pieceLength), stored);
  const seal = (piece: Uint8Array, at: number) => {
    worker.seal(at / chunkLength, piece, sealed);
  };
  return {
    [`${engine.name} seal`]: () => perPiece(plaintext, seal),
    [`${engine.name} open`]: () =>
      perPiece(plaintext, () => {
        worker.open(0, stored, opened);
      }),
    [`${engine.name} seal, SHA-1, MD5`]: () => digested(plaintext, seal),
  };
}

function longStream({ plaintext, key, nonce }: Work): Record<string, Contestant> {
  const sealing = createCipheriv(algorithm, key, nonce);
  const sealed = Buffer.concat([sealing.update(plaintext), sealing.final()]);
  const seal = (run: (update: (piece: Uint8Array) => void) => number): number => {
    const cipher = createCipheriv(algorithm, key, nonce);
    const length = run((piece) => void cipher.update(piece));
    cipher.final();
    return length;
  };
  return {
    'long seal': () => seal((update) => perPiece(plaintext, update)),
    'long open': () => {
      const decipher = createDecipheriv(algorithm, key, nonce).setAuthTag(sealing.getAuthTag());
      const length = perPiece(sealed, (piece) => void decipher.update(piece));
      decipher.final();
      return length;
    },
    'long seal, SHA-1, MD5': () => seal((update) => digested(plaintext, update)),
  };
}

function digested(bytes: Uint8Array, use: (piece: Uint8Array, at: number) => void): number {
  const digests = [createHash('sha1'), createHash('md5')];
  const length = perPiece(bytes, (piece, at) => {
    for (const digest of digests) digest.update(piece);
    use(piece, at);
  });
  for (const digest of digests) digest.digest();
  return length;
}

function perPiece(bytes: Uint8Array, use: (piece: Uint8Array, at: number) => void): number {
  for (let at = 0; at < bytes.length; at += pieceLength) use(bytes.subarray(at, at + pieceLength), at);
  return bytes.length;
}
