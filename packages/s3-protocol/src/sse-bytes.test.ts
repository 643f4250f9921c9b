import { describe, expect, it } from 'vitest';
import { encryptionNames, encryptions, keyA, openEncrypted, told, md5Hex } from './test-support/encrypted-objects.ts';

/** The length of a chunk of an encrypted blob (docs/format.md). */
const chunk = 2 ** 14;

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 251);
}

describe.each(encryptionNames)('an object with %s', (name) => {
  const { ask, read, told: expected } = encryptions[name];

  it('may be empty', async () => {
    const server = await openEncrypted();
    const stored = await server.ok({ method: 'PUT', target: '/bucket/empty', headers: ask });
    expect(stored.headers.get('etag') === `"${md5Hex('')}"`).toBe(name !== 'SSE-C');
    for (const method of ['GET', 'HEAD']) {
      const answer = await server.ok({ method, target: '/bucket/empty', headers: read });
      expect([answer.status, answer.bytes.length, told(answer.headers)]).toEqual([200, 0, expected]);
      if (method === 'HEAD') expect(answer.headers.get('content-length')).toBe('0');
      for (const Range of ['bytes=0-', 'bytes=0-0', 'bytes=-1'])
        await server.refused(
          { method, target: '/bucket/empty', headers: { ...read, Range } },
          { code: 'InvalidRange' },
        );
    }
    const part = await server.ok({ target: '/bucket/empty?partNumber=1', headers: read });
    expect([part.status, part.bytes.length]).toEqual([200, 0]);
    if (name === 'SSE-C') await server.refused({ target: '/bucket/empty' }, { code: 'InvalidRequest' });
  });

  it.each([1, chunk - 1, chunk, chunk + 1, 2 * chunk - 1, 2 * chunk, 2 * chunk + 1, 5 * chunk + 7])(
    'of %s bytes comes back, and so does each range over the borders of its chunks',
    async (length) => {
      const server = await openEncrypted();
      const bytes = bytesOf(length);
      await server.ok({ method: 'PUT', target: '/bucket/a', body: bytes, headers: ask });
      const whole = await server.ok({ target: '/bucket/a', headers: read });
      expect(Buffer.compare(whole.bytes, bytes)).toBe(0);
      const borders = [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk - 1, 2 * chunk, length - 2, length - 1];
      const inside = [...new Set(borders.filter((border) => border >= 0 && border < length))];
      for (const first of inside) {
        for (const last of inside.filter((border) => border >= first)) {
          const headers = { ...read, Range: `bytes=${first}-${last}` };
          const answer = await server.ok({ target: '/bucket/a', headers });
          expect([answer.status, answer.headers.get('content-range')]).toEqual([
            206,
            `bytes ${first}-${last}/${length}`,
          ]);
          expect(Buffer.compare(answer.bytes, bytes.subarray(first, last + 1))).toBe(0);
        }
      }
    },
  );

  it('is stored from a body in chunks of each kind', async () => {
    const server = await openEncrypted();
    for (const payload of ['sha256', 'unsigned', 'signed-chunks', 'signed-trailer', 'unsigned-trailer'] as const) {
      const trailer = payload.endsWith('trailer') ? { trailer: ['x-amz-checksum-crc32', 'NhCmhg=='] as const } : {};
      const request = { method: 'PUT', target: '/bucket/a', body: 'hello', headers: ask, payload, ...trailer };
      expect(told((await server.ok(request)).headers)).toEqual(expected);
      const answer = await server.ok({ target: '/bucket/a', headers: read });
      expect(answer.text).toBe('hello');
    }
  });
});

describe('the checksum of an object with SSE-C', () => {
  it('is of its data, and is told to the holder of its key', async () => {
    const server = await openEncrypted();
    const headers = { ...keyA.headers, 'x-amz-checksum-crc32': 'NhCmhg==' };
    const stored = await server.ok({ method: 'PUT', target: '/bucket/a', body: 'hello', headers });
    expect(stored.headers.get('x-amz-checksum-crc32')).toBe('NhCmhg==');
    const mode = { 'x-amz-checksum-mode': 'ENABLED' };
    const read = await server.ok({ target: '/bucket/a', headers: { ...keyA.headers, ...mode } });
    expect(read.headers.get('x-amz-checksum-crc32')).toBe('NhCmhg==');
    const refused = await server.refused({ target: '/bucket/a', headers: mode }, { code: 'InvalidRequest' });
    expect([...refused.headers.pairs, refused.text].join()).not.toContain('NhCmhg==');
  });
});
