import { describe, expect, it } from 'vitest';
import { key, md5 } from '../testing/sample-keys.ts';
import {
  b2ViewCodec,
  printB2DefaultView,
  printB2View,
  readB2DefaultView,
  readB2View,
  wireEncryptionSchema,
} from './b2-view.ts';
import { printReadable, readableSchema } from './readable.ts';
import type { EncryptionView } from './settings.ts';

const pairs: [EncryptionView, object][] = [
  [{ mode: 'none' }, { algorithm: null, mode: null }],
  [{ mode: 'SSE-B2' }, { algorithm: 'AES256', mode: 'SSE-B2' }],
  [{ mode: 'SSE-C' }, { algorithm: 'AES256', mode: 'SSE-C' }],
  [
    { mode: 'SSE-C', customerKeyMd5: md5 },
    { algorithm: 'AES256', customerKeyMd5: md5, mode: 'SSE-C' },
  ],
];

describe('the view of a file', () => {
  it.each(pairs)('%j is %j', (view, wire) => {
    expect(printB2View(view)).toEqual(wire);
    expect(b2ViewCodec.parse(wire)).toEqual(view);
    expect(b2ViewCodec.encode(view)).toEqual(wire);
  });

  it('is none if the service sends nothing', () => {
    expect(readB2View(undefined)).toEqual({ mode: 'none' });
    expect(readB2View(null)).toEqual({ mode: 'none' });
  });

  it('cannot show a key', () => {
    const wire = { algorithm: 'AES256', customerKey: key, mode: 'SSE-C' };
    expect(JSON.stringify(wireEncryptionSchema.parse(wire))).not.toContain(key);
  });
});

describe("the view of a bucket's default", () => {
  it.each(['none', 'SSE-B2'] as const)('shows %s', (value) => {
    expect(readB2DefaultView(printB2DefaultView(value))).toBe(value);
  });

  it('is withheld from those who may not read it', () => {
    expect(printReadable(printB2DefaultView('SSE-B2'), false)).toEqual({
      isClientAuthorizedToRead: false,
      value: null,
    });
    const schema = readableSchema(wireEncryptionSchema);
    expect(schema.safeParse(printReadable(printB2DefaultView('SSE-B2'), true)).success).toBe(true);
    expect(schema.safeParse({ isClientAuthorizedToRead: false, value: printB2View({ mode: 'SSE-B2' }) }).success).toBe(
      false,
    );
  });
});
