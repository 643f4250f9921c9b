import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SecretBytes, type ByteStream } from '@coffer/bytes';
import { plaintextLengthOf } from './blob-layout.ts';
import { openChunkRange, openChunks } from './open-blob.ts';

import { sealChunks } from './seal-blob.ts';
import { anyOf, inPieces, outcomeOf, sourceOf, whole, type Outcome } from './test-support.ts';

interface Case {
  readonly tcId: number;
  readonly comment: string;
  readonly key: string;
  readonly ctx: string;
  /** zlib-compressed, then hexadecimal. */
  readonly ct: string;
  readonly msgLength?: number;
  readonly msgSha512?: string;
  readonly result: 'valid' | 'invalid';
  readonly flags: readonly string[];
}

const file = new URL('../vectors/c2sp_chunked_encryption_aes_256_gcm_test.json', import.meta.url);
const { testGroups } = JSON.parse(readFileSync(file, 'utf8')) as { testGroups: { tests: Case[] }[] };
const cases = testGroups
  .flatMap((group) => group.tests)
  .map((test) => ({ ...test, name: `${test.tcId} ${test.comment}` }));

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const keyOf = (test: Case): SecretBytes => SecretBytes.take(hex(test.key));
const ciphertextOf = (test: Case): Uint8Array => Uint8Array.from(inflateSync(hex(test.ct)));
const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');

/** A valid case gives the message; an invalid one fails, at most after a prefix of it. */
function expectVerdict(test: Case, { released, code }: Outcome): void {
  if (test.result === 'valid') {
    expect({ code, length: released.length }).toEqual({ code: undefined, length: test.msgLength });
    expect(sha512(released)).toBe(test.msgSha512);
    return;
  }
  expect(code).toBe(test.flags.includes('InvalidKeySize') ? 'wrong_key' : 'not_authentic');
  expectPrefix(test, released);
}

function expectPrefix(test: Case, released: Uint8Array): void {
  if (!test.flags.includes('PartialPlaintext')) expect(released.length).toBe(0);
  if (released.length > 0) expect(sha512(released)).toBe(test.msgSha512);
}

it('has all the cases', () => {
  expect(cases.length).toBe(35);
  expect(cases.filter((test) => test.result === 'valid').length).toBe(10);
});

describe.each(cases)('$name', (test) => {
  const ciphertext = ciphertextOf(test);
  const ways: Record<string, () => ByteStream> = {
    'as one piece': () => inPieces(ciphertext, Math.max(1, ciphertext.length)),
    'in odd pieces': () => inPieces(ciphertext, 55, 1, 16_399, 3, 40_000, 16_400),
    'byte by byte': () => inPieces(ciphertext, 1),
  };

  it.each(Object.keys(ways))('streams %s', async (way) => {
    expectVerdict(test, await outcomeOf(() => openChunks(ways[way]!(), keyOf(test), hex(test.ctx))));
  });

  it('is read at random', async () => {
    const length = plaintextLengthOf(ciphertext.length);
    if (length === undefined) {
      expect(test.result).toBe('invalid');
      return;
    }
    const read = (start: number, count: number) =>
      outcomeOf(() =>
        openChunkRange(sourceOf(ciphertext), keyOf(test), hex(test.ctx), anyOf(length), { start, length: count }),
      );
    const all = await read(0, length);
    if (test.result === 'valid') {
      expectVerdict(test, all);
      for (const [start, count] of [
        [0, Math.min(5, length)],
        [length >> 1, length - (length >> 1)],
        [length, 0],
      ] as const) {
        const { released, code } = await read(start, count);
        expect(code).toBeUndefined();
        expect(Buffer.compare(released, all.released.subarray(start, start + count))).toBe(0);
      }
      return;
    }
    // A range read does not look at the last chunk if it is empty, so it may give just the authentic prefix.
    if (all.code === undefined) expect(length).toBe(test.msgLength);
    expectPrefix(test, all.released);
    if (test.flags.includes('HeaderFailure')) expect((await read(length, 0)).code).toBeDefined();
  });
});

describe.each(cases.filter((test) => test.result === 'valid'))('$name', (test) => {
  it('is sealed to the same bytes', async () => {
    const ciphertext = ciphertextOf(test);
    const salt = ciphertext.slice(0, 24);
    const message = await whole(openChunks(inPieces(ciphertext, 65_536), keyOf(test), hex(test.ctx)));
    const sealed = await whole(sealChunks(inPieces(message, 1000, 70_000), keyOf(test), hex(test.ctx), salt));
    expect(Buffer.compare(sealed, ciphertext)).toBe(0);
  });
});
