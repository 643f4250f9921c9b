import { fc, it as property } from '@fast-check/vitest';
import { gcm } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { SecretBytes, streamOf, type ByteRange } from '@coffer/bytes';
import { encodeBlobContext } from './blob-context.ts';
import { ciphertextLength, ciphertextRange } from './blob-layout.ts';
import { openBlob } from './open-blob.ts';
import { openBlobBytes, openBlobRange } from './open-blob.ts';
import { sealBlob, sealBlobBytes } from './seal-blob.ts';
import { anyOf, codeOf, inPieces, patternOf, secretOf, sourceOf, whole } from './test-support.ts';

const chunk = 16_384;
const context = { fileId: '4_zfile_f1', partNumber: 3 };
const key = secretOf(7);

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const sizes = [
  0,
  1,
  2,
  chunk - 1,
  chunk,
  chunk + 1,
  4 * chunk - 1,
  4 * chunk,
  4 * chunk + 1,
  5 * chunk,
  9 * chunk + 77,
];
const anySize = fc.oneof(fc.constantFrom(...sizes), fc.integer({ min: 0, max: 6 * chunk }));
const anyCut = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 5 });

property.prop([anySize, anyCut, anyCut], { numRuns: 60 })(
  'opening gives what was sealed, however it is cut',
  async (n, cutIn, cutOut) => {
    const plaintext = patternOf(n);
    const sealed = await whole(sealBlob(inPieces(plaintext, ...cutIn), key, context));
    expect(sealed.length).toBe(ciphertextLength(n));
    expect(same(await whole(openBlob(inPieces(sealed, ...cutOut), key, context)), plaintext)).toBe(true);
  },
);

property.prop([anySize, anyCut, fc.uint8Array({ minLength: 24, maxLength: 24 })], { numRuns: 60 })(
  'a blob that is sealed in one go is the one that a stream makes',
  async (n, cut, salt) => {
    const plaintext = patternOf(n);
    const { blob, commitment } = sealBlobBytes(plaintext, key, context, { salt });
    expect(same(blob, await whole(sealBlob(inPieces(plaintext, ...cut), key, context, { salt })))).toBe(true);
    expect(same(commitment, blob.subarray(24, 56))).toBe(true);
    expect(same(await whole(openBlob(inPieces(blob, ...cut), key, context, commitment)), plaintext)).toBe(true);
  },
);

describe('a blob that is sealed in one go', () => {
  it('has a salt and memory of its own', () => {
    const plaintext = patternOf(100);
    const blobs = [1, 2].map(() => sealBlobBytes(plaintext, key, context).blob);
    expect(same(blobs[0]!.subarray(0, 24), blobs[1]!.subarray(0, 24))).toBe(false);
    for (const blob of blobs) {
      expect(blob.buffer.byteLength).toBe(blob.length);
      expect(Buffer.isBuffer(blob)).toBe(false);
    }
    expect(same(plaintext, patternOf(100))).toBe(true);
  });

  it('refuses what a stream refuses', async () => {
    const short = SecretBytes.random(16);
    expect(await codeOf(() => sealBlobBytes(patternOf(3), short, context))).toBe('wrong_key');
    const nowhere = { fileId: 'a b', partNumber: 0 };
    expect(await codeOf(() => sealBlobBytes(patternOf(3), key, nowhere))).toBe('malformed');
    expect(await codeOf(() => sealBlobBytes(patternOf(3), key, { ...context, partNumber: -1 }))).toBe('malformed');
  });
});

property.prop(
  [anySize, anyCut, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })],
  { numRuns: 60 },
)('a range is a slice, and only its chunks are read', async (n, cut, from, to) => {
  const plaintext = patternOf(n);
  const sealed = await whole(sealBlob(streamOf(plaintext), key, context));
  const start = Math.floor(n * Math.min(from, to));
  const range = { start, length: Math.floor(n * Math.max(from, to)) - start };
  const reads: ByteRange[] = [];
  const source = {
    length: sealed.length,
    read: (asked: ByteRange) => {
      reads.push(asked);
      return inPieces(sealed.slice(asked.start, asked.start + asked.length), ...cut);
    },
  };
  const opened = await whole(openBlobRange(source, key, context, anyOf(n), range));
  expect(same(opened, plaintext.subarray(start, start + range.length))).toBe(true);
  const chunks = ciphertextRange(range, n);
  // Chunks right behind the header are read with it.
  if (chunks.start === 56) expect(reads).toEqual([{ start: 0, length: 56 + chunks.length }]);
  else expect(reads).toEqual([{ start: 0, length: 56 }, ...(range.length > 0 ? [chunks] : [])]);
});

describe('every range around chunk boundaries', () => {
  const n = 2 * chunk + 3;
  const edges = [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk - 1, 2 * chunk, 2 * chunk + 1, n - 1, n];
  it('is a slice', async () => {
    const plaintext = patternOf(n);
    const sealed = await whole(sealBlob(streamOf(plaintext), key, context));
    for (const start of edges) {
      for (const end of edges.filter((edge) => edge >= start)) {
        const range = { start, length: end - start };
        const opened = await whole(openBlobRange(sourceOf(sealed), key, context, anyOf(n), range));
        const atOnce = Buffer.concat([...openBlobBytes(sealed, key, context, anyOf(n), range)]);
        if (![opened, atOnce].every((bytes) => same(bytes, plaintext.subarray(start, end))))
          throw new Error(`${start} to ${end} is not the slice`);
      }
    }
  });
});

/** HKDF-Expand by its definition, since the library's refuses keys shorter than the hash. */
function nobleExpand(prk: Uint8Array, info: Uint8Array): Uint8Array {
  const first = hmac(sha512, prk, Uint8Array.of(...info, 1));
  return Uint8Array.of(...first, ...hmac(sha512, prk, Uint8Array.of(...first, ...info, 2)));
}

/** The format written a second time, on another implementation of HMAC and AES-GCM. */
function nobleSeal(plaintext: Uint8Array, fileKey: Uint8Array, salt: Uint8Array): Uint8Array {
  const label = Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');
  const blobContext = Buffer.from('coffer/blob/v1\x004_zfile_f1\0\0\0\0\x03', 'latin1');
  const okm = nobleExpand(fileKey, Buffer.concat([label, salt, blobContext])).subarray(0, 76);
  const out: Uint8Array[] = [salt, okm.subarray(44)];
  for (let i = 0; i <= Math.floor(plaintext.length / chunk); i++) {
    const nonce = BigInt(`0x${Buffer.from(okm.subarray(32, 44)).toString('hex')}`) ^ BigInt(i);
    const nonceBytes = Buffer.from(nonce.toString(16).padStart(24, '0'), 'hex');
    out.push(gcm(okm.subarray(0, 32), nonceBytes).encrypt(plaintext.subarray(i * chunk, (i + 1) * chunk)));
  }
  return Uint8Array.from(Buffer.concat(out));
}

describe('an independent implementation', () => {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk + 9])('agrees for %i bytes', async (n) => {
    const [plaintext, salt] = [patternOf(n), patternOf(24, 9)];
    const expected = nobleSeal(plaintext, new Uint8Array(32).fill(7), salt);
    expect(same(await whole(sealBlob(streamOf(plaintext), key, context, { salt })), expected)).toBe(true);
    expect(same(sealBlobBytes(plaintext, key, context, { salt }).blob, expected)).toBe(true);
    expect(same(await whole(openBlob(streamOf(expected), key, context)), plaintext)).toBe(true);
  });
});

describe('streams', () => {
  it('hand on the chunks of a piece together, in memory of their own', async () => {
    const sealed: Uint8Array[] = [];
    for await (const piece of sealBlob(inPieces(patternOf(3 * chunk), 70_000), key, context)) sealed.push(piece);
    expect(sealed.map((piece) => piece.length)).toEqual([56 + 3 * (chunk + 16), 16]);
    const opened: Uint8Array[] = [];
    for await (const piece of openBlob(inPieces(await whole(streamOf(...sealed)), 70_000), key, context))
      opened.push(piece);
    expect(opened.map((piece) => piece.length)).toEqual([3 * chunk]);
    for (const piece of [...sealed, ...opened]) {
      expect(piece.buffer.byteLength).toBe(piece.length);
      expect(Buffer.isBuffer(piece)).toBe(false);
    }
  });

  it.each(['seal', 'open'] as const)('%s no more than the piece at hand before handing on', async (way) => {
    const sealed = await whole(sealBlob(streamOf(patternOf(40 * chunk)), key, context));
    let given = 0;
    async function* source() {
      for await (const piece of inPieces(sealed, chunk)) {
        given += piece.length;
        yield piece;
      }
    }
    let taken = 0;
    for await (const piece of way === 'seal' ? sealBlob(source(), key, context) : openBlob(source(), key, context)) {
      taken += piece.length;
      expect(given - taken).toBeLessThan(2 * chunk);
    }
    expect(taken).toBeGreaterThanOrEqual(40 * chunk);
  });

  it.each(['seal', 'open'] as const)('end the source when %sing is left early or fails', async (way) => {
    let ended = 0;
    async function* source() {
      try {
        for (;;) yield patternOf(100_000);
      } finally {
        ended++;
      }
    }
    if (way === 'seal') {
      for await (const _piece of sealBlob(source(), key, context)) break;
    } else {
      expect(await codeOf(() => whole(openBlob(source(), key, context)))).toBe('not_authentic');
    }
    expect(ended).toBe(1);
  });

  it('pass on the source’s own error', async () => {
    const failure = new Error('disk');
    async function* source() {
      yield patternOf(70_000);
      throw failure;
    }
    await expect(whole(sealBlob(source(), key, context))).rejects.toBe(failure);
  });
});

describe('salt', () => {
  it('is new for every blob, also of the same part', async () => {
    const seal = () => whole(sealBlob(streamOf(patternOf(10)), key, context));
    expect(same(await seal(), await seal())).toBe(false);
  });

  it('of another length is refused', async () => {
    await expect(whole(sealBlob(streamOf(), key, context, { salt: new Uint8Array(23) }))).rejects.toThrow(RangeError);
  });
});

describe('context', () => {
  it('is bytes that no other file or part has', () => {
    expect(Buffer.from(encodeBlobContext(context)).toString('latin1')).toBe('coffer/blob/v1\x004_zfile_f1\0\0\0\0\x03');
  });

  it.each([
    ['', 0],
    ['a\0b', 0],
    ['a b', 0],
    ['é', 0],
    ['a', -1],
    ['a', 1.5],
    ['a', 2 ** 32],
  ])('file id %j, part %d is refused', async (fileId, partNumber) => {
    expect(await codeOf(() => sealBlob(streamOf(), key, { fileId, partNumber }))).toBe('malformed');
    expect(await codeOf(() => openBlob(streamOf(), key, { fileId, partNumber }))).toBe('malformed');
  });
});

it.each([0, 16, 31, 33, 64])('a file key of %i bytes is refused', async (length) => {
  const bad = SecretBytes.random(length);
  const sealed = await whole(sealBlob(streamOf(patternOf(5)), key, context));
  expect(await codeOf(() => whole(sealBlob(streamOf(), bad, context)))).toBe('wrong_key');
  expect(await codeOf(() => whole(openBlob(streamOf(sealed), bad, context)))).toBe('wrong_key');
  const range = { start: 0, length: 5 };
  expect(await codeOf(() => whole(openBlobRange(sourceOf(sealed), bad, context, anyOf(5), range)))).toBe('wrong_key');
});

it('a range outside the plaintext is refused at once', () => {
  expect(() => openBlobRange(sourceOf(new Uint8Array(77)), key, context, anyOf(5), { start: 3, length: 3 })).toThrow(
    RangeError,
  );
});
