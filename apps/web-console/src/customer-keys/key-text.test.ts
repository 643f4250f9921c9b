import { encodeBase64, encodeHex } from '@coffer/bytes';
import { CustomerKey } from '@coffer/sse-schema';
import { describe, expect, it } from 'vitest';
import { keyIdProblem, newKeyId, printKeyFile, readKeyFile, readKeyText, type ReadKey } from './key-text.ts';

const bytes = Uint8Array.from({ length: 32 }, (_, index) => 255 - index * 3);
const text = (value: string) => new TextEncoder().encode(value);
const found = (read: ReadKey) => read.problem ?? read.key.key.expose((key) => encodeHex(key));

describe('a customer key', () => {
  it.each([
    ['base64', encodeBase64(bytes)],
    ['base64 without its padding, with space around', ` ${encodeBase64(bytes).slice(0, -1)}\n`],
    ['hexadecimal', encodeHex(bytes).toUpperCase()],
    ['the JSON of a key file', printKeyFile('an id', CustomerKey.fromBytes(bytes))],
  ])('is read as %s, typed or in a file', (_, value) => {
    expect(found(readKeyText(value))).toBe(encodeHex(bytes));
    expect(found(readKeyFile(text(value)))).toBe(encodeHex(bytes));
  });

  it('is read as its bytes from a file, which are wiped then', () => {
    const content = bytes.slice();
    expect(found(readKeyFile(content))).toBe(encodeHex(bytes));
    expect(content.every((byte) => byte === 0)).toBe(true);
  });

  it('comes with the id that the file names, if that is one', () => {
    expect(readKeyText(printKeyFile('my id', CustomerKey.fromBytes(bytes)))).toMatchObject({ id: 'my id' });
    expect(readKeyText(printKeyFile('a\nb', CustomerKey.fromBytes(bytes)))).toMatchObject({ id: undefined });
  });

  it.each([
    ['nothing', ''],
    ['a password', 'correct horse battery staple'],
    ['16 bytes in hexadecimal', encodeHex(bytes.slice(0, 16))],
    ['31 bytes', encodeBase64(bytes.slice(1))],
    ['JSON without a key', '{"id":"x"}'],
    ['JSON that is none', '{"key":'],
  ])('is not read from %s, and what was typed is not repeated', (_, value) => {
    for (const read of [readKeyText(value), readKeyFile(text(value))]) {
      expect(read.problem).toMatch(/key/);
      if (value !== '') expect(read.problem).not.toContain(value);
    }
  });

  it('is not read from a large file', () => {
    expect(readKeyFile(new Uint8Array(5_000)).problem).toContain('too large');
  });
});

it('has an id that is readable, new and within bounds', () => {
  const id = newKeyId(new Date('2026-11-30T10:00:00Z'));
  expect(id).toMatch(/^key-2026-11-30-[a-z2-9]{4}$/);
  expect(keyIdProblem(id, [])).toBeUndefined();
  expect(keyIdProblem(id, [{ id }])).toContain('already');
  expect(keyIdProblem('', [])).toBeTypeOf('string');
  expect(keyIdProblem('x'.repeat(101), [])).toBeTypeOf('string');
  expect(keyIdProblem('a\u0000b', [])).toBeTypeOf('string');
  expect(keyIdProblem('Schlüssel für 2026', [])).toBeUndefined();
});
