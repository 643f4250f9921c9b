import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretBytes } from './secret-bytes.ts';
import { SecretString } from './secret-string.ts';

const text = 'correct horse battery staple';
const bytes = new TextEncoder().encode(text);
const forms = [
  text,
  Buffer.from(bytes).toString('hex'),
  Buffer.from(bytes).toString('base64'),
  [...bytes].join(),
  [...bytes].join(', '),
];

describe.each([
  ['SecretBytes', () => SecretBytes.copyOf(bytes)],
  ['SecretString', () => SecretString.of(text)],
] as const)('%s', (name, make) => {
  const placeholder = `[${name}]`;

  it.each<[string, (secret: object) => unknown]>([
    ['String()', String],
    // eslint-disable-next-line @typescript-eslint/restrict-template-expressions, @typescript-eslint/no-base-to-string -- what must be harmless
    ['a template', (secret) => `${secret}`],
    ['concatenation', (secret) => 'x' + (secret as unknown as string)],
    ['JSON', (secret) => JSON.stringify({ secret, list: [secret] })],
    ['inspect', (secret) => inspect({ secret }, { depth: null, showHidden: true })],
    ['inspect without custom', (secret) => inspect(secret, { depth: null, showHidden: true, customInspect: false })],
    ['a spread', (secret) => inspect({ ...secret }, { showHidden: true })],
    ['Object.assign', (secret) => inspect(Object.assign({}, secret), { showHidden: true })],
    ['Object.entries', (secret) => JSON.stringify(Object.entries(secret))],
    ['property names', (secret) => inspect(Object.getOwnPropertyDescriptors(secret), { depth: null })],
    ['a structured clone', (secret) => inspect(structuredClone(secret), { showHidden: true })],
    [
      'an error message',
      (secret) => inspect(new Error('failed with ' + (secret as unknown as string), { cause: secret })),
    ],
  ])('is not seen in %s', (_, show) => {
    const shown = show(make()) as string;
    for (const form of forms) expect(shown).not.toContain(form);
  });

  it('is a placeholder where text is asked for', () => {
    expect([String(make()), JSON.stringify(make()), inspect(make())]).toEqual([
      placeholder,
      `"${placeholder}"`,
      placeholder,
    ]);
  });

  it('is not seen on the console', () => {
    const output = new PassThrough();
    new Console({ stdout: output }).log('secret: %s %o %O %j', make(), make(), make(), make(), { nested: [make()] });
    const shown = String(output.read());
    expect(shown).toContain(placeholder);
    for (const form of forms) expect(shown).not.toContain(form);
  });

  it('cannot be used after wiping, and says so without saying what it was', () => {
    const secret = make();
    secret.wipe();
    secret.wipe();
    expect(() => secret.expose(() => 0)).toThrow(
      expect.objectContaining({ name: 'SecretError', code: 'secret_wiped' }),
    );
    expect(String(secret)).toBe(placeholder);
  });
});

describe('SecretBytes', () => {
  it('exposes the bytes and returns what the callee returns', () => {
    expect(SecretBytes.copyOf(bytes).expose((exposed) => [...exposed])).toEqual([...bytes]);
  });

  it('leaves the source of a copy alone and zeroes the source of a take', () => {
    const copied = bytes.slice();
    const taken = bytes.slice();
    expect(SecretBytes.copyOf(copied).equals(SecretBytes.take(taken))).toBe(true);
    expect(copied).toEqual(bytes);
    expect(taken).toEqual(new Uint8Array(bytes.length));
  });

  it('is what is written into its memory', () => {
    const secret = SecretBytes.made(bytes.length, (memory) => {
      expect(memory).toEqual(new Uint8Array(bytes.length));
      memory.set(bytes);
    });
    expect(secret.equals(SecretBytes.copyOf(bytes))).toBe(true);
  });

  it('leaves nothing behind where writing it fails', () => {
    let memory = new Uint8Array(0);
    const failure = new Error('no key');
    const make = () =>
      SecretBytes.made(bytes.length, (given) => {
        memory = given as Uint8Array<ArrayBuffer>;
        given.set(bytes);
        throw failure;
      });
    expect(make).toThrow(failure);
    expect(memory).toEqual(new Uint8Array(bytes.length));
  });

  it('does not follow changes of the source', () => {
    const source = Buffer.from(bytes);
    const secret = SecretBytes.copyOf(source);
    source.fill(0);
    expect(secret.equals(SecretBytes.copyOf(bytes))).toBe(true);
  });

  it('is not where an engine moves short arrays about, leaving copies behind', () => {
    const made = [
      SecretBytes.copyOf(bytes),
      SecretBytes.take(bytes.slice()),
      SecretBytes.random(32),
      SecretBytes.made(32, () => undefined),
    ];
    // Only memory of its own, not that of a pool, has exactly the length asked for.
    for (const secret of made)
      expect(secret.expose(({ buffer, byteOffset }) => [buffer.byteLength, byteOffset])).toEqual([secret.length, 0]);
  });

  it('zeroes its own memory when wiped', () => {
    const secret = SecretBytes.copyOf(bytes);
    const memory = secret.expose((exposed) => exposed);
    secret.wipe();
    expect(memory).toEqual(new Uint8Array(bytes.length));
    expect([secret.wiped, secret.length]).toEqual([true, bytes.length]);
  });

  it('is random where that is asked for', () => {
    expect(SecretBytes.random(32).length).toBe(32);
    expect(SecretBytes.random(32).equals(SecretBytes.random(32))).toBe(false);
  });

  it('compares by content', () => {
    expect(SecretBytes.copyOf(bytes).equals(SecretBytes.copyOf(bytes))).toBe(true);
    expect(SecretBytes.copyOf(bytes).equals(SecretBytes.copyOf(bytes.subarray(1)))).toBe(false);
  });
});

describe('SecretString', () => {
  it.each(['', text, 'é自由𐐀', '\ufeffbyte order mark'])('gives back %j', (given) => {
    expect(SecretString.of(given).expose((exposed) => exposed)).toBe(given);
    expect(
      SecretString.of(given).exposeBytes((exposed) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(exposed)),
    ).toBe(given);
  });

  it('is made of UTF-8 as it is made of text', () => {
    const copied = bytes.slice();
    const secret = SecretString.copyOfUtf8(copied);
    copied.fill(0);
    expect(secret.equals(SecretString.of(text))).toBe(true);
    expect(() => SecretString.copyOfUtf8(Uint8Array.of(0xff)).expose(() => 0)).toThrow(
      expect.objectContaining({ name: 'SecretError', code: 'secret_not_text' }),
    );
  });

  it('compares by content', () => {
    expect(SecretString.of('a').equals(SecretString.of('a'))).toBe(true);
    expect(SecretString.of('a').equals(SecretString.of('b'))).toBe(false);
  });
});
