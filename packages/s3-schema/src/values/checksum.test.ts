import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf, refusalOf } from '../../testing/refusal.ts';
import {
  checksumAlgorithms,
  checksumNames,
  parseChecksumAlgorithm,
  parseChecksumType,
  parseChecksumValue,
  printChecksumValue,
} from './checksum.ts';

describe('parseChecksumValue', () => {
  // Values of no bytes, and of `hello`.
  it.each([
    ['CRC32', 'AAAAAA==', 'NhCmhg=='],
    ['CRC32C', 'AAAAAA==', 'mnG7TA=='],
    ['CRC64NVME', 'AAAAAAAAAAA=', 'M3eFcAZSQlc='],
    ['SHA1', '2jmj7l5rSw0yVb/vlWAYkK/YBwk=', 'qvTGHdzF6KLavt4PO0gs2a6pQ00='],
    ['SHA256', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='],
  ] as const)('takes values of %s', (algorithm, ofNothing, ofHello) => {
    for (const value of [ofNothing, ofHello])
      expect(parseChecksumValue(algorithm, value)).toEqual({ algorithm, value });
    const others = checksumNames.filter(
      (name) => checksumAlgorithms[name].length !== checksumAlgorithms[algorithm].length,
    );
    for (const other of others) {
      expect(refusalOf(() => parseChecksumValue(other, ofNothing))).toMatchObject({
        code: 'InvalidRequest',
        message: `Value for ${checksumAlgorithms[other].header} header is invalid.`,
      });
    }
  });

  it('takes a composite value only where one can be', () => {
    const composite = { algorithm: 'SHA1', value: 'Px8/ne1+IDofwS6M8PXOhL4PeBQ=', parts: 2 } as const;
    expect(parseChecksumValue('SHA1', 'Px8/ne1+IDofwS6M8PXOhL4PeBQ=-2', { composite: true })).toEqual(composite);
    expect(printChecksumValue(composite)).toBe('Px8/ne1+IDofwS6M8PXOhL4PeBQ=-2');
    expect(refusalOf(() => parseChecksumValue('SHA1', 'Px8/ne1+IDofwS6M8PXOhL4PeBQ=-2')).code).toBe('InvalidRequest');
    const none = () => parseChecksumValue('SHA1', 'Px8/ne1+IDofwS6M8PXOhL4PeBQ=-0', { composite: true });
    expect(refusalOf(none).code).toBe('InvalidRequest');
  });

  it('names the trailer', () => {
    expect(refusalOf(() => parseChecksumValue('CRC32', 'x', { where: 'trailing header' })).message).toBe(
      'Value for x-amz-checksum-crc32 trailing header is invalid.',
    );
  });

  it('refuses garbage with an S3Error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...checksumNames), fc.string({ unit: 'binary' }), (algorithm, text) => {
        outcomeOf(() => parseChecksumValue(algorithm, text, { composite: true }));
      }),
    );
  });
});

describe('parseChecksumType', () => {
  it.each([
    ['CRC32', undefined, 'COMPOSITE'],
    ['CRC32C', undefined, 'COMPOSITE'],
    ['CRC64NVME', undefined, 'FULL_OBJECT'],
    ['SHA1', undefined, 'COMPOSITE'],
    ['SHA256', undefined, 'COMPOSITE'],
    ['CRC32', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC32C', 'COMPOSITE', 'COMPOSITE'],
  ] as const)('of %s with %s', (algorithm, text, type) => {
    expect(parseChecksumType(algorithm, text)).toBe(type);
  });

  it.each([
    ['CRC64NVME', 'COMPOSITE', 'The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.'],
    ['SHA1', 'FULL_OBJECT', 'The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.'],
    ['SHA256', 'FULL_OBJECT', 'The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.'],
    ['CRC32', 'other', 'Value for x-amz-checksum-type header is invalid.'],
  ] as const)('refuses %s with %s', (algorithm, text, message) => {
    expect(refusalOf(() => parseChecksumType(algorithm, text))).toMatchObject({ code: 'InvalidRequest', message });
  });
});

describe('parseChecksumAlgorithm', () => {
  it('reads names of either case', () => {
    expect(parseChecksumAlgorithm('crc32c')).toBe('CRC32C');
  });

  it.each(['SHA512', 'MD5', 'XXHASH64', 'toString', ''])('refuses %j', (text) => {
    expect(refusalOf(() => parseChecksumAlgorithm(text)).message).toMatch(
      /^Checksum algorithm provided is unsupported/,
    );
  });
});
