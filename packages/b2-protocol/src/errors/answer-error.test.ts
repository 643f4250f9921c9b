import { RequestBodyError } from '@coffer/http';
import { sseViolations, SseViolationError, violationMessage } from '@coffer/sse-schema';
import { StorageError } from '@coffer/storage-core';
import { describe, expect, it } from 'vitest';
import { answerError } from './answer-error.ts';

const shown = (error: unknown) => {
  const { status, code, message } = answerError(error);
  return { status, code, message };
};

describe('answerError', () => {
  it.each(sseViolations)('%s is the same from a parser and from the core', (violation) => {
    const status = violation === 'customer_key_wrong' ? 403 : 400;
    const code = status === 403 ? 'access_denied' : 'bad_request';
    const message = violationMessage(violation);
    expect(shown(new SseViolationError(violation))).toEqual({ status, code, message });
    expect(shown(new StorageError('sse_violation', message, { violation }))).toEqual({ status, code, message });
  });

  it('keeps the texts that clients match on', () => {
    const size = 5_000_000_001;
    expect(shown(new StorageError('copy_source_too_large', 'x', { size }))).toEqual({
      status: 400,
      code: 'source_too_large',
      message: `Copy source too big: ${size}`,
    });
    expect(shown(new StorageError('locked', 'x', {}))).toEqual({
      status: 401,
      code: 'access_denied',
      message: 'Access Denied',
    });
    const message = 'The bucket does not accept new files with customer keys';
    expect(shown(new StorageError('customer_keys_blocked', message, { bucketId: 'b' }))).toEqual({
      status: 403,
      code: 'access_denied',
      message,
    });
    const violation = 'customer_key_required';
    expect(shown(new StorageError('sse_violation', 'x', { violation })).message).toBe(violationMessage(violation));
  });

  it('finds the failure of the body below what wraps it', () => {
    const timeout = new RequestBodyError('timeout', 'x');
    const wrapped = new StorageError('body_incomplete', 'x', {}, { cause: new Error('y', { cause: timeout }) });
    expect(shown(wrapped)).toMatchObject({ status: 408, code: 'request_timeout' });
  });

  it('tells nothing of an unexpected error', () => {
    for (const error of [new Error('secret'), 'secret', undefined, null]) {
      expect(shown(error)).toEqual({ status: 500, code: 'internal_error', message: 'An internal error occurred' });
    }
  });
});
