import { createHash } from 'node:crypto';
import { fc, it as property } from '@fast-check/vitest';
import { decodeBase64, encodeBase64 } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { checksumAlgorithms, checksumLengths, polynomials, type CrcAlgorithm } from './algorithms.ts';
import { checksumOf } from './checksum-of.ts';
import { CombinedCrc } from './combined-crc.ts';
import { createChecksum } from './running-checksum.ts';

const crcs = Object.keys(polynomials) as CrcAlgorithm[];
const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

/** Bit by bit, as the definition has it. */
function definedCrc(algorithm: CrcAlgorithm, data: Uint8Array): string {
  const ones = (1n << BigInt(8 * checksumLengths[algorithm])) - 1n;
  let value = ones;
  for (const byte of data) {
    value ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomials[algorithm] : value >> 1n;
  }
  return (value ^ ones).toString(16).padStart(2 * checksumLengths[algorithm], '0');
}

const five = new Uint8Array(5 * 2 ** 20).fill(0x61);
const ten = new Uint8Array(10).fill(0x62);

describe('a checksum', () => {
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
  ] as const)('%s has its published check value', async (algorithm, check) => {
    expect(hex(await checksumOf(algorithm, bytes('123456789')))).toBe(check);
  });

  // Recorded answers of Amazon S3 for these contents.
  it.each([
    ['CRC32', 'AAAAAA==', 'NhCmhg==', '1FimjA=='],
    ['CRC32C', 'AAAAAA==', 'mnG7TA==', 'Ecdwnw=='],
    ['CRC64NVME', 'AAAAAAAAAAA=', 'M3eFcAZSQlc=', 'om/L0dM0gF4='],
    ['SHA1', '2jmj7l5rSw0yVb/vlWAYkK/YBwk=', 'qvTGHdzF6KLavt4PO0gs2a6pQ00=', '8ZuPfaVQ2n5Ken/JlIb8qGpmjHA='],
    [
      'SHA256',
      '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
      'r6EeiJe3o46I4mxNAHaDVieIB7rrFCZ9j4xkNo2dtxw=',
    ],
  ] as const)('%s is what Amazon S3 answers', async (algorithm, empty, hello, parts) => {
    expect(encodeBase64(await checksumOf(algorithm))).toBe(empty);
    expect(encodeBase64(await checksumOf(algorithm, bytes('hello')))).toBe(hello);
    expect(encodeBase64(await checksumOf(algorithm, five, ten))).toBe(parts);
  });

  property.prop([fc.constantFrom(...crcs), fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })])(
    'that is a CRC is that of the definition, however the data is cut',
    async (algorithm, pieces) => {
      const found = await checksumOf(algorithm, ...pieces);
      expect(hex(found)).toBe(definedCrc(algorithm, Buffer.concat(pieces)));
    },
  );

  it.each(checksumAlgorithms)('%s has the length of its algorithm, and others may run beside it', async (algorithm) => {
    const [one, other] = [await createChecksum(algorithm), await createChecksum(algorithm)];
    one.update(bytes('hel'));
    other.update(bytes('other'));
    one.update(bytes('lo'));
    const result = one.digest();
    expect(result).toHaveLength(checksumLengths[algorithm]);
    expect(result).toEqual(await checksumOf(algorithm, bytes('hello')));
    expect(other.digest()).toEqual(await checksumOf(algorithm, bytes('other')));
  });
});

describe('a checksum of checksums', () => {
  it.each([
    ['CRC32', ['r/zBbw==', 'Qi9M+A=='], 'meG8JQ=='],
    ['CRC32C', ['WpuOeg==', 'FuoJPw=='], 'SbZNDA=='],
    ['SHA1', ['YbjWYArJTZEodPVpqTQRIPaAyfg=', 'Rd+3nWaDdPZXizEodG3OWbegLoA='], 'Px8/ne1+IDofwS6M8PXOhL4PeBQ='],
  ] as const)('%s is what Amazon S3 answers for a file in parts', async (algorithm, parts, expected) => {
    const [first, second] = parts.map((part) => decodeBase64(part)!);
    expect(await checksumOf(algorithm, five)).toEqual(first);
    expect(await checksumOf(algorithm, ten)).toEqual(second);
    expect(encodeBase64(await checksumOf(algorithm, first!, second!))).toBe(expected);
  });
});

describe('a combined CRC', () => {
  property.prop([fc.constantFrom(...crcs), fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })])(
    'is that of the parts one after the other',
    async (algorithm, parts) => {
      const combined = new CombinedCrc(algorithm);
      for (const part of parts) combined.add(await checksumOf(algorithm, part), part.length);
      expect(combined.digest()).toEqual(await checksumOf(algorithm, ...parts));
    },
  );

  it.each(crcs)('%s of long parts is that of the whole', async (algorithm) => {
    const combined = new CombinedCrc(algorithm);
    for (const part of [five, five, ten]) combined.add(await checksumOf(algorithm, part), part.length);
    expect(combined.digest()).toEqual(await checksumOf(algorithm, five, five, ten));
  });

  it('of parts longer than any data here is that of two halves', () => {
    const crc = createHash('sha1').update('any').digest().subarray(0, 8);
    const half = 2 ** 40 + 1;
    const [twice, once] = [new CombinedCrc('CRC64NVME'), new CombinedCrc('CRC64NVME')];
    for (const combined of [twice, once]) combined.add(crc, 3);
    twice.add(new Uint8Array(8), half);
    twice.add(new Uint8Array(8), half);
    once.add(new Uint8Array(8), 2 * half);
    expect(twice.digest()).toEqual(once.digest());
  });

  it('refuses what is no CRC of the algorithm, and no length', () => {
    const combined = new CombinedCrc('CRC32');
    expect(() => {
      combined.add(new Uint8Array(8), 1);
    }).toThrow(RangeError);
    for (const length of [-1, 0.5, Number.NaN, 2 ** 53])
      expect(() => {
        combined.add(new Uint8Array(4), length);
      }).toThrow(RangeError);
  });
});
