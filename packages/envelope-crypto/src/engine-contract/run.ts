import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { CHUNK_LENGTH, TAG_LENGTH } from '../blob-layout.ts';
import type { ChunkEngine, ChunkWorker } from '../chunk-engine.ts';

/** One thing that every chunk engine must do. */
export interface ChunkEngineCheck {
  readonly name: string;
  /** Rejects with an AssertionError unless the engine does it, aside as well where it can. */
  run(engine: ChunkEngine): Promise<void>;
}

export const key: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => 200 - 3 * i);
/** All bits of the last eight bytes are set, so that an XOR shows and an addition would carry. */
export const nonce: Uint8Array = Uint8Array.of(9, 8, 7, 6, 255, 255, 255, 255, 255, 255, 255, 255);

/** One way of asking a worker: here, or aside. What is thrown is a rejection in both. */
export interface Way {
  readonly name: string;
  readonly seal: (worker: ChunkWorker, first: number, plaintext: Uint8Array, sealed: Uint8Array) => Promise<void>;
  readonly open: (worker: ChunkWorker, first: number, sealed: Uint8Array, plaintext: Uint8Array) => Promise<void>;
}

/* eslint-disable @typescript-eslint/require-await -- so that what is thrown becomes a rejection */
export const here: Way = {
  name: 'here',
  seal: async (worker, first, plaintext, sealed) => {
    worker.seal(first, plaintext, sealed);
  },
  open: async (worker, first, sealed, plaintext) => {
    worker.open(first, sealed, plaintext);
  },
};
/* eslint-enable @typescript-eslint/require-await */

const aside: Way = {
  name: 'aside',
  seal: async (worker, ...run) => {
    assert.ok(worker.sealAside !== undefined);
    await worker.sealAside(...run);
  },
  open: async (worker, ...run) => {
    assert.ok(worker.openAside !== undefined);
    await worker.openAside(...run);
  },
};

/** Runs a check with `seal` and `open`, and with `sealAside` and `openAside` where the engine has them. */
export async function bothWays(engine: ChunkEngine, check: (way: Way) => Promise<void>): Promise<void> {
  await check(here);
  const worker = engine.chunksOf(key, nonce);
  assert.equal(worker.sealAside === undefined, worker.openAside === undefined);
  worker.discard();
  if (worker.sealAside !== undefined) await check(aside);
}

export async function withWorker(
  engine: ChunkEngine,
  use: (worker: ChunkWorker) => Promise<void>,
  ownKey = key,
  ownNonce = nonce,
): Promise<void> {
  const worker = engine.chunksOf(ownKey, ownNonce);
  try {
    await use(worker);
  } finally {
    worker.discard();
  }
}

/** The bytes of a run as the standard has it, its nonces worked out with big integers. */
export function expectedRun(
  first: number,
  plaintext: Uint8Array,
  count = chunksOf(plaintext.length),
  ownKey = key,
  ownNonce = nonce,
): Buffer {
  const base = BigInt(`0x${Buffer.from(ownNonce).toString('hex')}`);
  const chunks = Array.from({ length: count }, (_, i) => {
    const text = (base ^ BigInt(first + i)).toString(16).padStart(24, '0');
    const cipher = createCipheriv('aes-256-gcm', ownKey, Buffer.from(text, 'hex'));
    const chunk = plaintext.subarray(i * CHUNK_LENGTH, (i + 1) * CHUNK_LENGTH);
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  });
  return Buffer.concat(chunks);
}

/** Chunks of a run of so many bytes that has no empty chunk behind a full one. */
export function chunksOf(length: number): number {
  return Math.max(1, Math.ceil(length / CHUNK_LENGTH));
}

export function sealedLengthOf(length: number): number {
  return length + TAG_LENGTH * chunksOf(length);
}

/** Bytes that differ from place to place and from seed to seed. */
export function patternOf(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed * 31 + i * 7 + (i >> 8) * 13 + (i >> 16)) & 0xff);
}

/** Fails unless `run` is refused because of the chunk at `place`. */
export async function expectNotAuthentic(place: number, run: () => Promise<void>): Promise<void> {
  await assert.rejects(run, { name: 'EnvelopeError', code: 'not_authentic', message: new RegExp(`Chunk ${place} `) });
}
