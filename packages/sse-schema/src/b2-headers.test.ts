import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { key, md5, otherMd5 } from '../testing/sample-keys.ts';
import {
  b2SseHeaders,
  parseB2DownloadHeaders,
  parseB2ResponseHeaders,
  parseB2UploadHeaders,
  printB2ResponseHeaders,
  printB2UploadHeaders,
} from './b2-headers.ts';
import { CustomerKey } from './customer-key.ts';
import type { HeaderPair } from './header-lookup.ts';
import type { SseResult } from './result.ts';
import { sameEncryption, viewOf, type EncryptionRequest, type EncryptionView } from './settings.ts';

const encryption: HeaderPair = [b2SseHeaders.encryption, 'AES256'];
const algorithm: HeaderPair = [b2SseHeaders.algorithm, 'AES256'];
const keyField: HeaderPair = [b2SseHeaders.key, key];
const md5Field: HeaderPair = [b2SseHeaders.md5, md5];
const customer = [algorithm, keyField, md5Field];

function codeOf(result: SseResult<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}

describe('parseB2UploadHeaders', () => {
  const parse = (...fields: HeaderPair[]) => parseB2UploadHeaders(fields);

  it('reads none, SSE-B2 and SSE-C', () => {
    expect(parse(['Content-Type', 'text/plain'])).toEqual({ ok: true, value: undefined });
    expect(parse(encryption)).toEqual({ ok: true, value: { mode: 'SSE-B2' } });
    expect(parse(...customer)).toMatchObject({ ok: true, value: { mode: 'SSE-C' } });
  });

  it('compares names without case and trims values', () => {
    expect(codeOf(parse(...customer.map(([name, value]): HeaderPair => [name.toUpperCase(), ` ${value}\t`])))).toBe(
      'ok',
    );
  });

  it.each<[string, HeaderPair[], string]>([
    ['both families', [encryption, ...customer], 'conflicting_modes'],
    ['both families, the second incomplete', [encryption, algorithm], 'conflicting_modes'],
    ['SSE-B2 as the algorithm', [[encryption[0], 'SSE-B2']], 'unsupported_algorithm'],
    ['NONE as the algorithm', [[encryption[0], 'NONE']], 'unsupported_algorithm'],
    ['an empty algorithm', [[encryption[0], '']], 'unsupported_algorithm'],
    ['SSE-B2 twice', [encryption, encryption], 'duplicate_parameter'],
    ['two keys', [...customer, keyField], 'duplicate_parameter'],
    ['no algorithm', [keyField, md5Field], 'incomplete_customer_key'],
    ['no key', [algorithm, md5Field], 'incomplete_customer_key'],
    ['no MD5', [algorithm, keyField], 'incomplete_customer_key'],
    ['the algorithm alone', [algorithm], 'incomplete_customer_key'],
    ['another algorithm', [[algorithm[0], 'AES128'], keyField, md5Field], 'unsupported_algorithm'],
    ['a bad key', [algorithm, [keyField[0], 'AAAA'], md5Field], 'malformed_customer_key'],
    ['a bad MD5', [algorithm, keyField, [md5Field[0], 'AAAA']], 'malformed_customer_key_md5'],
    ['another MD5', [algorithm, keyField, [md5Field[0], otherMd5]], 'customer_key_md5_mismatch'],
  ])('refuses %s', (_, fields, code) => {
    const result = parse(...fields);
    expect(codeOf(result)).toBe(code);
    expect(result.ok ? '' : result.error.message).not.toContain(key);
  });
});

describe('parseB2DownloadHeaders', () => {
  it('ignores the header of SSE-B2, whatever it says', () => {
    for (const value of ['AES256', 'NONE']) {
      expect(parseB2DownloadHeaders([[encryption[0], value]])).toEqual({ ok: true, value: undefined });
    }
    expect(parseB2DownloadHeaders([encryption, ...customer])).toMatchObject({ value: { mode: 'SSE-C' } });
  });

  it('refuses an incomplete key', () => {
    expect(codeOf(parseB2DownloadHeaders([algorithm]))).toBe('incomplete_customer_key');
  });
});

describe('printing', () => {
  it('is undone by parsing, for any setting', () => {
    const settings = fc.oneof(
      fc.constant<EncryptionRequest>({ mode: 'SSE-B2' }),
      fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((bytes): EncryptionRequest => ({ mode: 'SSE-C', customerKey: CustomerKey.fromBytes(bytes) })),
    );
    fc.assert(
      fc.property(settings, (setting) => {
        const parsed = parseB2UploadHeaders(printB2UploadHeaders(setting));
        return parsed.ok && parsed.value !== undefined && sameEncryption(parsed.value, setting);
      }),
    );
    expect(printB2UploadHeaders({ mode: 'none' })).toEqual([]);
    expect(printB2UploadHeaders(undefined)).toEqual([]);
  });

  it('of a response names no key and is undone by parsing', () => {
    const made = CustomerKey.fromBytes(Buffer.from(key, 'base64'));
    const views: EncryptionView[] = [
      { mode: 'none' },
      { mode: 'SSE-B2' },
      { mode: 'SSE-C' },
      viewOf('SSE-C', { mode: 'SSE-C', customerKey: made }),
    ];
    for (const view of views) {
      const fields = printB2ResponseHeaders(view);
      expect(parseB2ResponseHeaders(fields)).toEqual({ ok: true, value: view });
      expect(JSON.stringify(fields)).not.toContain(key);
    }
    expect(printB2ResponseHeaders({ mode: 'SSE-C', customerKeyMd5: md5 })).toEqual([algorithm, md5Field]);
  });

  it('of a response that contradicts itself is refused', () => {
    expect(codeOf(parseB2ResponseHeaders([encryption, algorithm]))).toBe('conflicting_modes');
    expect(codeOf(parseB2ResponseHeaders([[encryption[0], 'x']]))).toBe('unsupported_algorithm');
    expect(codeOf(parseB2ResponseHeaders([[algorithm[0], 'x']]))).toBe('unsupported_algorithm');
  });
});
