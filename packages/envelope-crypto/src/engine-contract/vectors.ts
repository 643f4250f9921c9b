import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { concatBytes } from '@coffer/bytes';
import { encodeBlobContext } from '../blob-context.ts';
import { CHUNK_LENGTH, HEADER_LENGTH, SALT_LENGTH, SEALED_CHUNK_LENGTH, TAG_LENGTH } from '../blob-layout.ts';
import type { ChunkEngine } from '../chunk-engine.ts';
import { hkdfExpandSha512 } from '../hkdf-expand.ts';
import { ascii } from '../labelled-context.ts';
import { bothWays, here, expectNotAuthentic, withWorker, type ChunkEngineCheck } from './run.ts';

type Hex = string;

/** What this takes from Wycheproof's file of chunked encryption. */
interface Published {
  readonly testGroups: readonly { readonly tests: readonly PublishedCase[] }[];
}
interface PublishedCase {
  readonly tcId: number;
  readonly comment: string;
  /** zlib-compressed, then hexadecimal. */
  readonly ct: Hex;
  /** Key and base nonce of the chunks; absent where the header is what is wrong. */
  readonly aeadKey?: Hex;
  readonly baseNonce?: Hex;
  readonly msgLength?: number;
  readonly msgSha512?: Hex;
  readonly result: 'valid' | 'invalid';
}

/** What this takes from Coffer's own golden vectors. */
interface Golden {
  readonly fileKey: Hex;
  readonly fileId: string;
  readonly blobs: readonly {
    readonly partNumber: number;
    readonly salt: Hex;
    readonly plaintext: Hex;
    readonly blob: Hex;
  }[];
}

const bytes = (text: Hex): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

/**
 * The published cases of chunked encryption whose header is right, and the golden blobs of Coffer's format: each is one
 * check. Takes the contents of the two files in `packages/envelope-crypto/vectors`.
 */
export function chunkVectorChecks(wycheproof: string, golden: string): ChunkEngineCheck[] {
  const { testGroups } = JSON.parse(wycheproof) as Published;
  const { blobs, fileKey, fileId } = JSON.parse(golden) as Golden;
  const cases = testGroups.flatMap(({ tests }) => tests).filter(({ aeadKey }) => aeadKey !== undefined);
  return [
    ...cases.map((one) => ({
      name: `${one.result}: ${one.tcId} ${one.comment}`,
      run: (engine: ChunkEngine) => (one.result === 'valid' ? valid(engine, one) : invalid(engine, one)),
    })),
    ...blobs.map(({ partNumber, salt, plaintext, blob }) => ({
      name: `golden blob of part ${partNumber}`,
      run: (engine: ChunkEngine) => {
        const { key, nonce } = keysOf(bytes(fileKey), bytes(salt), encodeBlobContext({ fileId, partNumber }));
        return sealsAndOpens(engine, key, nonce, bytes(plaintext), bytes(blob).subarray(HEADER_LENGTH));
      },
    })),
  ];
}

async function valid(engine: ChunkEngine, one: PublishedCase): Promise<void> {
  const { key, nonce, sealed } = partsOf(one);
  const plaintext = new Uint8Array(one.msgLength ?? -1);
  await withWorker(engine, (worker) => here.open(worker, 0, sealed, plaintext), key, nonce);
  assert.equal(createHash('sha512').update(plaintext).digest('hex'), one.msgSha512);
  await sealsAndOpens(engine, key, nonce, plaintext, sealed);
}

/**
 * An engine sees whole chunks, not the blob's end: what is too short for a chunk is left out here, and of the rest the
 * engine opens what the case says can be opened, and refuses the chunk behind it if there is one.
 */
async function invalid(engine: ChunkEngine, one: PublishedCase): Promise<void> {
  const { key, nonce, sealed } = partsOf(one);
  const stray = sealed.length % SEALED_CHUNK_LENGTH;
  const whole = sealed.subarray(0, stray < TAG_LENGTH ? sealed.length - stray : sealed.length);
  const count = Math.ceil(whole.length / SEALED_CHUNK_LENGTH);
  if (count === 0) {
    assert.equal(one.msgLength, undefined);
    return;
  }
  const authentic = one.msgLength ?? 0;
  await bothWays(engine, async (way) => {
    const plaintext = new Uint8Array(whole.length - count * TAG_LENGTH).fill(0xaa);
    const open = () => withWorker(engine, (worker) => way.open(worker, 0, whole, plaintext), key, nonce);
    if (authentic === count * CHUNK_LENGTH) await open();
    else await expectNotAuthentic(authentic / CHUNK_LENGTH, open);
    if (authentic > 0)
      assert.equal(createHash('sha512').update(plaintext.subarray(0, authentic)).digest('hex'), one.msgSha512);
    assert.ok(plaintext.subarray(authentic).every((byte) => byte === 0));
  });
}

async function sealsAndOpens(
  engine: ChunkEngine,
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  expected: Uint8Array,
): Promise<void> {
  await bothWays(engine, async (way) => {
    const sealed = new Uint8Array(expected.length);
    const opened = new Uint8Array(plaintext.length).fill(0xaa);
    await withWorker(
      engine,
      async (worker) => {
        await way.seal(worker, 0, plaintext, sealed);
        await way.open(worker, 0, expected, opened);
      },
      key,
      nonce,
    );
    assert.equal(Buffer.compare(sealed, expected), 0);
    assert.equal(Buffer.compare(opened, plaintext), 0);
  });
}

function partsOf({ aeadKey = '', baseNonce = '', ct }: PublishedCase) {
  const sealed = Uint8Array.from(inflateSync(bytes(ct))).subarray(HEADER_LENGTH);
  return { key: bytes(aeadKey), nonce: bytes(baseNonce), sealed };
}

/** Key and base nonce of a blob's chunks. */
function keysOf(fileKey: Uint8Array, salt: Uint8Array, context: Uint8Array) {
  assert.equal(salt.length, SALT_LENGTH);
  const info = concatBytes([ascii('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'), salt, context]);
  const okm = hkdfExpandSha512(fileKey, info, 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}
