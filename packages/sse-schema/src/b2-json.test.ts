import { describe, expect, it } from 'vitest';
import { key, md5, otherMd5 } from '../testing/sample-keys.ts';
import { b2DefaultCodec, b2SettingCodec } from './b2-json.ts';

const customer = { mode: 'SSE-C', algorithm: 'AES256', customerKey: key, customerKeyMd5: md5 };

/** The violation, `shape` if zod itself refused, or `ok`. */
function codeOf(codec: typeof b2SettingCodec | typeof b2DefaultCodec, wire: unknown): unknown {
  const result = codec.safeParse(wire);
  if (result.success) return 'ok';
  expect(JSON.stringify(result.error.issues) + String(result.error)).not.toContain(key);
  const [issue] = result.error.issues;
  return issue?.code === 'custom' ? issue.params?.['sse'] : 'shape';
}

const badForBoth: [string, unknown, string][] = [
  ['no object', 'AES256', 'shape'],
  ['no mode', {}, 'shape'],
  ['an unknown member', { mode: null, more: 1 }, 'shape'],
  ['a key of a wrong type', { ...customer, customerKey: 5 }, 'shape'],
  ['an unknown mode', { mode: 'SSE-KMS' }, 'unsupported_mode'],
  ['none with an algorithm', { mode: null, algorithm: 'AES256' }, 'unsupported_mode'],
  ['SSE-B2 without its algorithm', { mode: 'SSE-B2' }, 'unsupported_algorithm'],
  ['SSE-B2 with another algorithm', { mode: 'SSE-B2', algorithm: 'AES128' }, 'unsupported_algorithm'],
  ['SSE-B2 with a key', { mode: 'SSE-B2', algorithm: 'AES256', customerKey: key }, 'customer_key_not_allowed'],
  ['none with an MD5', { mode: 'none', customerKeyMd5: md5 }, 'customer_key_not_allowed'],
];

describe('b2SettingCodec', () => {
  it.each([{ mode: null }, { mode: 'none' }, { mode: null, algorithm: null, customerKey: null, customerKeyMd5: null }])(
    'decodes %j to none',
    (wire) => {
      expect(b2SettingCodec.parse(wire)).toEqual({ mode: 'none' });
    },
  );

  it('decodes SSE-B2 and SSE-C, and encodes them back', () => {
    for (const wire of [{ mode: 'SSE-B2', algorithm: 'AES256' }, customer]) {
      expect(b2SettingCodec.encode(b2SettingCodec.parse(wire))).toEqual(wire);
    }
    expect(b2SettingCodec.encode({ mode: 'none' })).toEqual({ mode: null });
  });

  it.each([
    ...badForBoth,
    ['an incomplete key', { ...customer, customerKeyMd5: null }, 'incomplete_customer_key'],
    ['SSE-C without an algorithm', { ...customer, algorithm: null }, 'incomplete_customer_key'],
    ['a bad key', { ...customer, customerKey: 'AAAA' }, 'malformed_customer_key'],
    ['another MD5', { ...customer, customerKeyMd5: otherMd5 }, 'customer_key_md5_mismatch'],
  ])('refuses %s', (_, wire, code) => {
    expect(codeOf(b2SettingCodec, wire)).toBe(code);
  });
});

describe('b2DefaultCodec', () => {
  it('decodes SSE-B2 and none, and encodes them back', () => {
    expect(b2DefaultCodec.parse({ mode: 'SSE-B2', algorithm: 'AES256' })).toBe('SSE-B2');
    expect(b2DefaultCodec.parse({ mode: 'none' })).toBe('none');
    expect(b2DefaultCodec.encode('SSE-B2')).toEqual({ mode: 'SSE-B2', algorithm: 'AES256' });
    expect(b2DefaultCodec.encode('none')).toEqual({ mode: null });
  });

  it.each([...badForBoth, ['SSE-C', customer, 'customer_key_not_allowed']])('refuses %s', (_, wire, code) => {
    expect(codeOf(b2DefaultCodec, wire)).toBe(code);
  });

  it("has the service's text for a missing algorithm", () => {
    const result = b2DefaultCodec.safeParse({ mode: 'SSE-B2' });
    expect(result.error?.issues[0]?.message).toBe('Invalid default server-side encryption algorithm');
  });
});
