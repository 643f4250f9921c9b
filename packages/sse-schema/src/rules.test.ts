import { describe, expect, it } from 'vitest';
import { CustomerKey } from './customer-key.ts';
import { effectiveDefault, effectiveEncryption } from './precedence.ts';
import { sameEncryption, sseModes, viewOf, wipeEncryption, type EncryptionRequest, type SseMode } from './settings.ts';
import { checkPartParameters, checkReadParameters } from './stored-rules.ts';
import { customerKeyRequiredMessage, SseViolationError, sseViolations, violationMessage } from './violation.ts';

function sseC(fill = 1): EncryptionRequest {
  return { mode: 'SSE-C', customerKey: CustomerKey.fromBytes(new Uint8Array(32).fill(fill)) };
}

const none: EncryptionRequest = { mode: 'none' };
const sseB2: EncryptionRequest = { mode: 'SSE-B2' };
const requests: (EncryptionRequest | undefined)[] = [undefined, none, sseB2, sseC()];

describe('effectiveEncryption', () => {
  it('takes the request before the default, the default before the option, and never opts out', () => {
    for (const request of requests) {
      for (const bucketDefault of ['none', 'SSE-B2'] as const) {
        for (const encryptByDefault of [false, true]) {
          const asked = request?.mode ?? 'none';
          const otherwise = bucketDefault === 'SSE-B2' || encryptByDefault ? 'SSE-B2' : 'none';
          const expected = asked === 'none' ? otherwise : asked;
          expect(effectiveEncryption(request, bucketDefault, { encryptByDefault }).mode).toBe(expected);
        }
      }
    }
  });

  it('of a new default is what was asked for, unless the server always encrypts', () => {
    expect(effectiveDefault(undefined, { encryptByDefault: false })).toBe('none');
    expect(effectiveDefault('SSE-B2', { encryptByDefault: false })).toBe('SSE-B2');
    expect(effectiveDefault('none', { encryptByDefault: true })).toBe('SSE-B2');
  });
});

describe('checkReadParameters', () => {
  it('wants a key for SSE-C and for nothing else', () => {
    for (const stored of sseModes) {
      for (const given of requests) {
        const hasKey = given?.mode === 'SSE-C';
        const missing = hasKey ? undefined : 'customer_key_required';
        const surplus = hasKey ? 'not_customer_encrypted' : undefined;
        expect(checkReadParameters(stored, given)).toBe(stored === 'SSE-C' ? missing : surplus);
        expect(checkReadParameters(stored, given, { lenient: true })).toBe(stored === 'SSE-C' ? missing : undefined);
      }
    }
  });
});

describe('checkPartParameters', () => {
  it.each<[SseMode, EncryptionRequest | undefined, string | undefined]>([
    ['none', undefined, undefined],
    ['none', none, undefined],
    ['none', sseB2, 'part_encryption_mismatch'],
    ['none', sseC(), 'part_encryption_mismatch'],
    ['SSE-B2', undefined, undefined],
    ['SSE-B2', none, undefined],
    ['SSE-B2', sseB2, undefined],
    ['SSE-B2', sseC(), 'part_encryption_mismatch'],
    ['SSE-C', undefined, 'part_customer_key_required'],
    ['SSE-C', none, 'part_customer_key_required'],
    ['SSE-C', sseB2, 'part_encryption_mismatch'],
    ['SSE-C', sseC(), undefined],
  ])('a large file of %s, a part with %j: %s', (started, given, expected) => {
    expect(checkPartParameters(started, given)).toBe(expected);
  });
});

describe('settings', () => {
  it('are the same if mode and key are', () => {
    expect(sameEncryption(sseC(1), sseC(1))).toBe(true);
    expect(sameEncryption(sseC(1), sseC(2))).toBe(false);
    expect(sameEncryption(sseB2, sseC(1))).toBe(false);
    expect(sameEncryption(sseB2, { mode: 'SSE-B2' })).toBe(true);
  });

  it('are shown with the MD5 that came with the request', () => {
    expect(viewOf('SSE-C')).toEqual({ mode: 'SSE-C' });
    expect(viewOf('SSE-C', sseB2)).toEqual({ mode: 'SSE-C' });
    expect(viewOf('SSE-C', sseC())).toHaveProperty('customerKeyMd5');
    expect(viewOf('SSE-B2', sseC())).toEqual({ mode: 'SSE-B2' });
  });

  it('lose their key when wiped', () => {
    const setting = sseC();
    wipeEncryption(setting);
    wipeEncryption(undefined);
    wipeEncryption(none);
    expect(() => sameEncryption(setting, sseC())).toThrow('wiped');
  });
});

describe('SseViolationError', () => {
  it('names the field, except in the text that clients match on', () => {
    expect(new SseViolationError('malformed_customer_key', 'customerKey').message).toContain('(customerKey)');
    expect(new SseViolationError('customer_key_required', 'customerKey').message).toBe(customerKeyRequiredMessage);
  });

  it('has a message of its own for each violation', () => {
    expect(new Set(sseViolations.map(violationMessage)).size).toBe(sseViolations.length);
  });
});
