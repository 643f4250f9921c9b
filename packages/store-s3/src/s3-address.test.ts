import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { BlobKeys } from './blob-keys.ts';
import { parseS3Address } from './s3-address.ts';

test('buckets with and without a prefix', () => {
  expect(parseS3Address('s3://abc')).toEqual({ bucket: 'abc', prefix: '' });
  expect(parseS3Address('s3://abc/')).toEqual({ bucket: 'abc', prefix: '' });
  expect(parseS3Address('s3://my.bucket-1/a/B_c')).toEqual({ bucket: 'my.bucket-1', prefix: 'a/B_c/' });
  expect(parseS3Address('s3://abc/a/')).toEqual({ bucket: 'abc', prefix: 'a/' });
});

test('what is no such address is refused, and says why', () => {
  const wrong: [string, RegExp][] = [
    ['abc', /begins with s3/],
    ['https://abc', /begins with s3/],
    ['s3://', /bucket in the address/],
    ['s3://ab', /bucket in the address/],
    ['s3://ABC', /bucket in the address/],
    ['s3://-abc', /bucket in the address/],
    ['s3://key:secret@abc', /without credentials/],
    ['s3://abc?x=1', /without credentials or parameters/],
    ['s3://abc/a//b', /folders with names/],
    ['s3://abc/../b', /folders with names/],
    ['s3://abc/é', /prefix is made of/],
    [`s3://abc/${'a'.repeat(600)}`, /more than 512/],
  ];
  for (const [address, message] of wrong) expect(() => parseS3Address(address), address).toThrow(message);
});

const ids = fc.stringMatching(/^[a-z0-9]{1,64}$/);
property.prop([ids, ids, fc.nat(), fc.nat()])(
  'keys are in the order of ids, and say what they are keys of',
  (a, b, x, y) => {
    const keys = new BlobKeys({ bucket: 'abc', prefix: 'p/' });
    expect(keys.blobIdOf(keys.blob(a))).toBe(a);
    const one = { blobId: a, quarantinedAt: x };
    const other = { blobId: b, quarantinedAt: y };
    expect(keys.entryOf(keys.quarantined(one))).toEqual(one);
    if (a !== b) expect(keys.quarantined(one) < keys.quarantined(other)).toBe(a < b);
    else expect(keys.quarantined(one) < keys.quarantined(other)).toBe(x < y);
  },
);
