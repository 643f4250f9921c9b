import { expect, test } from 'vitest';
import { bucketInRequest } from './bucket-in-request.ts';

const one = '0123456789abcdef01234567';
const other = '76543210fedcba9876543210';
const fileIn = (bucketId: string) => `4_z${bucketId}_f11a224c3a591a9fef_d20261129_m004531_c001_v8513814_t9434`;

test.each([
  [{ bucketId: one }, undefined, one],
  [{ fileId: fileIn(one) }, undefined, one],
  [{ sourceFileId: fileIn(one) }, undefined, one],
  [{ sourceFileId: fileIn(one), destinationBucketId: other }, undefined, other],
  [{ sourceFileId: fileIn(one), largeFileId: fileIn(other) }, undefined, other],
  [{}, one, one],
  [{ fileName: 'a' }, fileIn(other), other],
  [{ accountId: 'a' }, undefined, null],
  [{ bucketId: 'no id' }, undefined, null],
  [{ fileId: `${fileIn(one)} `.slice(2) }, undefined, null],
])('%j, %s: %s', (input, uploadTarget, bucketId) => {
  expect(bucketInRequest(input, uploadTarget)).toBe(bucketId);
});
