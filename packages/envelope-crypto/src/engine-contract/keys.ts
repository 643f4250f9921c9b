import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import type { KeyEngine } from '../key-engine.ts';
import { typescriptKeys } from '../typescript-keys.ts';
import { key, patternOf } from './run.ts';

/** One thing that every key engine must do. */
export interface KeyEngineCheck {
  readonly name: string;
  /** Throws an AssertionError unless the engine does it. */
  run(keys: KeyEngine): void;
}

const aad = Uint8Array.of(1, 2, 3);
const nonce = patternOf(24, 5);
const overhead = 40;
const lengths = [0, 1, 15, 16, 17, 32, 100, 1_000];

/** The contract of the KeyEngine port, for any test runner: run each check with the engine. */
export const keyEngineChecks: readonly KeyEngineCheck[] = [
  {
    name: 'wraps to the known answers of XAES-256-GCM',
    run(keys) {
      const answerOf = (byte: number, of: string) =>
        hex(wrapped(keys, new Uint8Array(32).fill(byte), latin1(letters), latin1('XAES-256-GCM'), latin1(of)));
      const start = hex(latin1(letters));
      assert.equal(answerOf(1, ''), `${start}ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271`);
      const second = '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d';
      assert.equal(answerOf(3, 'c2sp.org/XAES-256-GCM'), `${start}${second}`);
    },
  },
  {
    name: 'passes the accumulated test of XAES-256-GCM, 10,000 iterations, both ways',
    run(keys) {
      assert.equal(accumulated(keys), 'e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939');
    },
  },
  {
    name: 'derives as RFC 5869 defines it, over several blocks',
    run(keys) {
      for (const length of [1, 32, 63, 64, 65, 76, 128, 129, 255 * 64])
        for (const infoLength of lengths) {
          const info = patternOf(infoLength, length);
          const okm = new Uint8Array(length);
          keys.expand(key, info, okm);
          assert.equal(hex(okm), hex(expandedBy(key, info, length)));
        }
    },
  },
  {
    name: 'makes the checksums of HMAC-SHA-256',
    run(keys) {
      for (const length of [...lengths, 63, 64, 65, 70_000]) {
        const message = patternOf(length);
        assert.equal(hex(keys.mac(key, message)), createHmac('sha256', key).update(message).digest('hex'));
      }
    },
  },
  {
    name: 'opens what the TypeScript engine wrapped, and the other way round',
    run(keys) {
      for (const length of lengths) {
        const plaintext = patternOf(length, 7);
        for (const [one, other] of [[keys, typescriptKeys] as const, [typescriptKeys, keys] as const]) {
          const opened = new Uint8Array(length).fill(0xaa);
          assert.equal(other.unwrap(key, wrapped(one, key, nonce, plaintext, aad), aad, opened), true);
          assert.equal(hex(opened), hex(plaintext));
        }
      }
    },
  },
  {
    name: 'opens nothing that was changed anywhere, and leaves zeroes',
    run(keys) {
      const sealed = wrapped(keys, key, nonce, patternOf(32, 7), aad);
      for (let bit = 0; bit < 8 * sealed.length; bit++) {
        const changed = sealed.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        refuses(keys, key, changed, aad);
      }
    },
  },
  {
    name: 'opens nothing under another key or aad, or of another length',
    run(keys) {
      const sealed = wrapped(keys, key, nonce, patternOf(32, 7), aad);
      refuses(keys, patternOf(32, 3), sealed, aad);
      refuses(keys, key, sealed, aad.subarray(1));
      refuses(keys, key, sealed, new Uint8Array(0));
      refuses(keys, key, sealed.subarray(0, sealed.length - 1), aad);
      refuses(keys, key, sealed.subarray(0, overhead), aad);
      refuses(keys, key, Uint8Array.of(...sealed, 0), aad);
    },
  },
  {
    name: 'leaves what it reads as it is, wherever it lies in its buffer',
    run(keys) {
      for (const offset of [0, 1, 7, 33]) {
        const within = (bytes: Uint8Array): Uint8Array => {
          const room = new Uint8Array(bytes.length + offset + 5).fill(0xee);
          room.set(bytes, offset);
          return room.subarray(offset, offset + bytes.length);
        };
        const read = [key, nonce, patternOf(32, 7), aad].map(within);
        const [k, n, plaintext, a] = read as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
        const sealed = within(new Uint8Array(32 + overhead));
        keys.wrap(k, n, plaintext, a, sealed);
        const opened = within(new Uint8Array(32));
        assert.equal(keys.unwrap(k, sealed, a, opened), true);
        const okm = within(new Uint8Array(76));
        keys.expand(k, a, okm);
        keys.mac(k, a);
        for (const array of [...read, sealed, opened, okm]) {
          const around = new Uint8Array(array.buffer);
          assert.ok(around.subarray(0, offset).every((byte) => byte === 0xee));
          assert.ok(around.subarray(offset + array.length).every((byte) => byte === 0xee));
        }
        assert.deepEqual([k, n, plaintext, a].map(hex), [key, nonce, patternOf(32, 7), aad].map(hex));
        assert.equal(hex(opened), hex(plaintext));
      }
    },
  },
];

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWX';

function refuses(keys: KeyEngine, under: Uint8Array, sealed: Uint8Array, of: Uint8Array): void {
  const opened = new Uint8Array(sealed.length - overhead).fill(0xaa);
  assert.equal(keys.unwrap(under, sealed, of, opened), false);
  assert.ok(opened.every((byte) => byte === 0));
}

function wrapped(keys: KeyEngine, under: Uint8Array, n: Uint8Array, plaintext: Uint8Array, of: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(plaintext.length + overhead);
  keys.wrap(under, n, plaintext, of, sealed);
  return sealed;
}

/** As c2sp.org/XAES-256-GCM has it. */
function accumulated(keys: KeyEngine): string {
  const iterations = 10_000;
  const random = createHash('shake128', { outputLength: iterations * (32 + 24 + 2 + 2 * 255) }).digest();
  const outputs = createHash('shake128', { outputLength: 32 });
  let offset = 0;
  const read = (length: number): Uint8Array => random.subarray(offset, (offset += length));
  const readShort = (): Uint8Array => read(read(1)[0] ?? 0);
  for (let i = 0; i < iterations; i++) {
    const [under, n] = [read(32), read(24)];
    const [plaintext, of] = [readShort(), readShort()];
    const sealed = wrapped(keys, under, n, plaintext, of);
    outputs.update(sealed.subarray(24));
    const opened = new Uint8Array(plaintext.length);
    assert.equal(keys.unwrap(under, sealed, of, opened), true);
    assert.equal(Buffer.compare(opened, plaintext), 0);
  }
  return outputs.digest('hex');
}

/** HKDF-Expand by its definition. */
function expandedBy(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const blocks: Buffer[] = [];
  for (let i = 1; (i - 1) * 64 < length; i++)
    blocks.push(
      createHmac('sha512', prk)
        .update(blocks.at(-1) ?? '')
        .update(info)
        .update(Uint8Array.of(i))
        .digest(),
    );
  return Buffer.concat(blocks).subarray(0, length);
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
