import { createHash } from 'node:crypto';
import { typescriptEngine, type ChunkEngine, type KeyEngine } from '@coffer/envelope-crypto';
import { NativeChunkWorker } from './native-chunk-worker.ts';
import { keysWork, nativeKeys } from './native-keys.ts';
import { NativeDigests, type DigestsWanted, type RunningDigests } from './native-digests.ts';
import { findBinding, missing, type FoundBinding, type Missing, type NativeBinding } from './native-binding.ts';

/** What the library does: the engine for chunks and keys, and digests that can go on on another thread. */
export interface NativeEngine {
  readonly engine: ChunkEngine;
  /** Begins the digests of a stream. */
  digestsOf(wanted: DigestsWanted): RunningDigests;
}

/** The engine, or why there is none. */
export type FoundEngine = NativeEngine | Missing;

let found: FoundEngine | undefined;

/**
 * The native engine, if its library is there and does what it should: before it is handed out for the first time, it
 * has to seal a few chunks, to wrap a key and to digest some bytes as `node:crypto` does. Looks once per process.
 *
 * @example
 * ```ts
 * const found = nativeEngine();
 * const engine = 'engine' in found ? found.engine : typescriptEngine;
 * assert.equal(typeof ('engine' in found ? found.engine.name : found.missing), 'string');
 * const worker = engine.chunksOf(new Uint8Array(32), new Uint8Array(12));
 * const sealed = new Uint8Array(3 + 16);
 * worker.seal(0, new Uint8Array([1, 2, 3]), sealed);
 * const opened = new Uint8Array(3);
 * worker.open(0, sealed, opened);
 * worker.discard();
 * assert.deepEqual(opened, new Uint8Array([1, 2, 3]));
 * ```
 */
export function nativeEngine(): FoundEngine {
  found ??= engineOver(findBinding());
  return found;
}

/** The engine over a library that was found, after it has proved itself. */
export function engineOver(library: FoundBinding): FoundEngine {
  if ('missing' in library) return library;
  const { binding } = library;
  const keys = nativeKeys(binding);
  const engine = engineOf(binding, keys);
  const digestsOf = (wanted: DigestsWanted): RunningDigests => new NativeDigests(binding, wanted);
  return worksLike(engine, typescriptEngine) && keysWork(keys) && digestsWork(digestsOf)
    ? { engine, digestsOf }
    : missing('self_test_failed', 'its library does not work as it should on this machine');
}

function engineOf(binding: NativeBinding, keys: KeyEngine): ChunkEngine {
  return {
    name: 'native',
    keys,
    chunksOf: (key, nonce) => new NativeChunkWorker(binding, key, nonce),
  };
}

/** Whether both seal a full and a short chunk to the same bytes, and the first opens what the second sealed. */
function worksLike(engine: ChunkEngine, reference: ChunkEngine): boolean {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const nonce = Uint8Array.from({ length: 12 }, (_, i) => 255 - i);
  const plaintext = Uint8Array.from({ length: 16_384 + 100 }, (_, i) => i % 251);
  const sealedBy = (by: ChunkEngine): Uint8Array => {
    const sealed = new Uint8Array(plaintext.length + 2 * 16);
    const worker = by.chunksOf(key, nonce);
    worker.seal(2 ** 32 - 1, plaintext, sealed);
    worker.discard();
    return sealed;
  };
  const opened = new Uint8Array(plaintext.length);
  try {
    const expected = sealedBy(reference);
    const worker = engine.chunksOf(key, nonce);
    worker.open(2 ** 32 - 1, expected, opened);
    worker.discard();
    return Buffer.compare(sealedBy(engine), expected) === 0 && Buffer.compare(opened, plaintext) === 0;
  } catch {
    return false;
  }
}

function digestsWork(digestsOf: NativeEngine['digestsOf']): boolean {
  const bytes = Uint8Array.from({ length: 200 }, (_, i) => i);
  const expected = (['sha1', 'md5'] as const).map((name) => createHash(name).update(bytes).digest('hex'));
  try {
    const digests = digestsOf({ sha1: true, md5: true });
    digests.update(bytes);
    const { sha1, md5 } = digests.finish();
    return [sha1, md5].every((digest, i) => Buffer.from(digest ?? []).toString('hex') === expected[i]);
  } catch {
    return false;
  }
}
