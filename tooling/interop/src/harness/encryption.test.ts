import { expect, test } from 'vitest';
import { encryptionView, freshEncryptions, readingWith, writingWith } from './encryption.ts';

const { none, sseB2, sseC1, sseC2 } = freshEncryptions();

test('the customer keys are two different ones of 32 bytes', () => {
  expect([sseC1.key?.length, sseC2.key?.length]).toEqual([32, 32]);
  expect(sseC1.key).not.toEqual(sseC2.key);
});

test('a key is given in the environment, never on the command line', () => {
  const text = sseC1.key?.toString('base64') ?? '';
  expect(writingWith(sseC1, 'id').env).toEqual({
    B2_DESTINATION_SSE_C_KEY_B64: text,
    B2_DESTINATION_SSE_C_KEY_ID: 'id',
  });
  expect(readingWith(sseC1).env).toEqual({ B2_SOURCE_SSE_C_KEY_B64: text });
  expect([...writingWith(sseC1).args, ...readingWith(sseC1).args].join(' ')).not.toContain(text);
});

test('modes without a key of the customer need nothing for reading', () => {
  expect([readingWith(none).args, readingWith(sseB2).args, writingWith(none).args]).toEqual([[], [], []]);
  expect(writingWith(sseB2).args).toEqual(['--destination-server-side-encryption', 'SSE-B2']);
});

test('views have the shape of the B2 API', () => {
  expect([encryptionView(none), encryptionView(sseC1)]).toEqual([
    { mode: null, algorithm: null },
    { mode: 'SSE-C', algorithm: 'AES256' },
  ]);
});
