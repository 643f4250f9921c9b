import { collect, streamOf, type ByteStream } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { openPayload } from './open-payload.ts';
import { sha256Hex } from './sha256-hex.ts';
import { newChain } from '../test/chunked-bodies.ts';

const hello = new TextEncoder().encode('hello');
const sha256 = sha256Hex('hello');

describe('the body of a request', () => {
  it('that is not signed is as it is', () => {
    const body = streamOf(hello);
    const opened = openPayload({ headers: [], payload: { kind: 'unsigned' } }, body);
    expect(opened.stream).toBe(body);
    expect(opened.trailers()).toEqual([]);
  });

  it('with a hash ends if it has that hash', async () => {
    const { stream } = openPayload({ headers: [], payload: { kind: 'sha256', sha256 } }, streamOf(hello));
    expect(await collect(stream, 5)).toEqual(hello);
  });

  it('with another hash is refused at its end', async () => {
    const { stream } = openPayload({ headers: [], payload: { kind: 'sha256', sha256 } }, streamOf(hello.slice(1)));
    await expect(collect(stream, 5)).rejects.toMatchObject({
      code: 'XAmzContentSHA256Mismatch',
      details: { ClientComputedContentSHA256: sha256, S3ComputedContentSHA256: sha256Hex('ello') },
    });
  });

  it('with a hash is ended when it is left before it was read', async () => {
    let ended = false;
    const body: ByteStream = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: true, value: undefined }),
        return: () => {
          ended = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const { stream } = openPayload({ headers: [], payload: { kind: 'sha256', sha256 } }, body);
    await stream[Symbol.asyncIterator]().return?.();
    expect(ended).toBe(true);
  });

  it('in chunks is refused without a length, and its key is wiped', () => {
    const signatures = newChain();
    const payload = { kind: 'aws-chunked', trailer: false, signatures } as const;
    expect(() => openPayload({ headers: [], payload }, streamOf())).toThrow(
      expect.objectContaining({ code: 'MissingContentLength' }),
    );
    expect(() => signatures.next('')).toThrow(expect.objectContaining({ code: 'secret_wiped' }));
  });
});
