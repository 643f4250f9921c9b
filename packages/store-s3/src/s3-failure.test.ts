import { describe, expect, test } from 'vitest';
import { S3Failure, s3Failure, storeFailure, type S3FailureKind } from './s3-failure.ts';

/** An error as the SDK makes it. */
const answered = (status: number | undefined, name: string, headers: Record<string, string> = {}) =>
  Object.assign(new TypeError('AKIASECRET'), {
    name,
    $metadata: status === undefined ? {} : { httpStatusCode: status },
    $response: status === undefined ? undefined : { statusCode: status, headers, body: 'AKIASECRET' },
  });

const table: [number | undefined, string, S3FailureKind, boolean][] = [
  [404, 'NoSuchKey', 'missing_key', false],
  [404, 'NoSuchBucket', 'missing_bucket', false],
  [404, 'NoSuchUpload', 'missing_upload', false],
  [404, 'NotFound', 'missing', false],
  [404, 'UnknownError', 'unreachable', true],
  [404, 'Error', 'unreachable', true],
  [400, '', 'unreachable', true],
  [404, 'NoSuchThing', 'refused', false],
  [412, 'PreconditionFailed', 'precondition', false],
  [412, '412', 'precondition', false],
  [409, 'ConditionalRequestConflict', 'conflict', true],
  [416, 'InvalidRange', 'range', false],
  [403, 'AccessDenied', 'denied', false],
  [403, 'SignatureDoesNotMatch', 'denied', false],
  [403, 'InvalidAccessKeyId', 'denied', false],
  [403, 'RequestTimeTooSkewed', 'busy', true],
  [403, 'QuotaExceeded', 'full', false],
  [507, 'XMinioStorageFull', 'full', false],
  [507, '', 'full', false],
  [400, 'BadDigest', 'damaged', true],
  [400, 'RequestTimeout', 'busy', true],
  [400, 'EntityTooSmall', 'refused', false],
  [301, 'PermanentRedirect', 'region', false],
  [400, 'AuthorizationHeaderMalformed', 'region', false],
  [429, 'TooManyRequests', 'busy', true],
  [500, 'InternalError', 'busy', true],
  [502, '', 'busy', true],
  [503, 'SlowDown', 'busy', true],
  [504, 'x', 'busy', true],
  [501, 'NotImplemented', 'unsupported', false],
  [200, 'SyntaxError', 'unreachable', true],
  [undefined, 'TimeoutError', 'unreachable', true],
  [undefined, 'CredentialsProviderError', 'denied', false],
];

describe('what an answer means', () => {
  for (const [status, name, kind, isPassing] of table)
    test(`${status} ${name}: ${kind}`, () => {
      const failure = s3Failure(answered(status, name));
      expect(failure.kind).toBe(kind);
      expect(failure.isPassing).toBe(isPassing);
      expect(failure.message).not.toContain('AKIASECRET');
    });

  test('codes of the system are said, whatever else is not', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'ECONNREFUSED' });
    expect(s3Failure(refused).message).toMatch(/cannot be reached.*\(ECONNREFUSED\)$/);
    expect(s3Failure(answered(400, 'no <code> at all')).message).toMatch(/\(400\)$/);
    for (const strange of [undefined, null, 'text', 7]) expect(s3Failure(strange).kind).toBe('unreachable');
  });

  test('the time after which to come back is taken over', () => {
    expect(s3Failure(answered(503, 'SlowDown', { 'retry-after': '2' })).retryAfter).toBe(2_000);
    expect(s3Failure(answered(503, 'SlowDown', { 'retry-after': 'Thu, 01 Jan' })).retryAfter).toBeUndefined();
  });
});

test('a failure is full or io for the port, with the cause in our words', () => {
  expect(storeFailure('Doing it', new S3Failure('full', '507'))).toMatchObject({ name: 'StoreError', code: 'full' });
  const error = storeFailure('Doing it', answered(403, 'AccessDenied'));
  expect(error.code).toBe('io');
  expect(error.message).toMatch(/^Doing it failed: the store refuses/);
  expect(error.cause).toBeInstanceOf(S3Failure);
  expect(storeFailure('Again', error)).toBe(error);
});
