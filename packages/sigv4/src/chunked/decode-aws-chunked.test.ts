import { collect, streamOf } from '@coffer/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SigV4Error } from '../request/sigv4-error.ts';
import {
  cutAt,
  decoded,
  decoderFor,
  encodedBody,
  newChain,
  variants,
  type Variant,
} from '../../test/chunked-bodies.ts';
import { decodeAwsChunked } from './decode-aws-chunked.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder('latin1').decode(data);
const unsigned = variants['unsigned with a trailer'];
const trailerLine = 'x-amz-checksum-crc32:NhCmhg==\r\n';
const zeroSignature = '0'.repeat(64);

/** Any body in any variant, with any sizes of chunks. */
const anyBody = fc.record({
  data: fc.uint8Array({ maxLength: 300 }),
  chunkSize: fc.integer({ min: 1, max: 400 }),
  variant: fc.constantFrom<Variant>(...Object.values(variants)),
});

describe('an aws-chunked body', () => {
  it('gives its data, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, fc.array(fc.nat(), { maxLength: 40 }), async ({ data, chunkSize, variant }, places) => {
        const pieces = cutAt(await encodedBody(data, variant, chunkSize), places);
        expect((await decoded(pieces, variant, data.length)).data).toEqual(data);
      }),
    );
  });

  it.each(Object.entries(variants))('gives its data byte by byte: %s', async (_, variant) => {
    const data = bytes('hello '.repeat(100));
    const body = await encodedBody(data, variant, 64);
    const single = Array.from(body, (_, index) => body.subarray(index, index + 1));
    const { data: found, trailers } = await decoded(single, variant, data.length);
    expect(found).toEqual(data);
    expect(trailers).toEqual(variant.trailer ? [['x-amz-checksum-crc32', 'NhCmhg==']] : []);
  });

  it('is refused, if any byte is changed', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, fc.nat(), fc.integer({ min: 1, max: 255 }), async (body, place, change) => {
        const { data, variant, chunkSize } = body;
        fc.pre(variant.signed);
        const changed = await encodedBody(data, variant, chunkSize);
        const at = place % changed.length;
        const original = changed.slice();
        changed[at] = (changed[at] ?? 0) ^ change;
        const outcome = await outcomeOf([changed], variant, data.length);
        // What is the same to a reader: names and hexadecimal sizes in the other case, other ends of trailers' lines.
        if (outcome === 'accepted') expect(normalised(changed)).toBe(normalised(original));
        else expect(outcome).toBeInstanceOf(SigV4Error);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused, if it ends early or goes on', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, fc.nat(), async ({ data, variant, chunkSize }, place) => {
        const body = await encodedBody(data, variant, chunkSize);
        const short = await outcomeOf([body.subarray(0, place % body.length)], variant, data.length);
        expect(short).toMatchObject({ code: 'IncompleteBody' });
        const long = await outcomeOf([body, bytes('\n')], variant, data.length);
        expect(long).toMatchObject({ code: 'IncompleteBody' });
      }),
    );
  });

  it('is refused, if its data is longer or shorter than announced', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, fc.nat({ max: 400 }), async ({ data, variant, chunkSize }, announced) => {
        fc.pre(announced !== data.length);
        const outcome = await outcomeOf([await encodedBody(data, variant, chunkSize)], variant, announced);
        expect(outcome).toMatchObject({ code: 'IncompleteBody' });
      }),
    );
  });

  it('of garbage is refused, with no other error', async () => {
    const fragment = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .constantFrom(
          '5\r\n',
          '0\r\n',
          '\r\n',
          '\n',
          'hello',
          trailerLine,
          ';chunk-signature=',
          zeroSignature,
          'ffffffffffffffff',
        )
        .map(bytes),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fragment),
        fc.constantFrom<Variant>(...Object.values(variants)),
        async (pieces, variant) => {
          const outcome = await outcomeOf(pieces, variant, 5);
          if (outcome !== 'accepted') expect(outcome).toBeInstanceOf(SigV4Error);
        },
      ),
      { numRuns: 500 },
    );
  });
});

async function outcomeOf(pieces: readonly Uint8Array[], variant: Variant, length: number): Promise<unknown> {
  try {
    await decoded(pieces, variant, length);
    return 'accepted';
  } catch (error) {
    return error;
  }
}

function normalised(body: Uint8Array): string {
  return text(body)
    .toLowerCase()
    .replaceAll(/[ \t\r]+\n/g, '\n');
}

describe('the framing of chunks', () => {
  it.each([
    ['a size that is no number', 'x\r\n'],
    ['a size with a sign', '+5\r\nhello\r\n'],
    ['no size', '\r\n'],
    ['a size above every length', `${'f'.repeat(400)}\r\n`],
    ['LF behind the size', `5\nhello\r\n0\r\n${trailerLine}\r\n`],
    ['nothing behind the data', `5\r\nhello0\r\n${trailerLine}\r\n`],
    ['LF behind the data', `5\r\nhello\n0\r\n${trailerLine}\r\n`],
    ['an extension', `5;a=b\r\nhello\r\n0\r\n${trailerLine}\r\n`],
    ['an endless line', 'a'.repeat(5000)],
    ['a long line', `${'0'.repeat(4095)}5\r\nhello\r\n`],
    ['no body', ''],
  ])('with %s is refused', async (_, body) => {
    expect(await outcomeOf([bytes(body)], unsigned, 5)).toMatchObject({ code: 'IncompleteBody' });
  });

  it('without a signature is refused where chunks are signed', async () => {
    const outcome = await outcomeOf([bytes('0\r\n\r\n')], variants.signed, 0);
    expect(outcome).toMatchObject({ code: 'IncompleteBody' });
  });

  it('with the signature of other data is refused', async () => {
    const body = bytes(`5;chunk-signature=${zeroSignature}\r\nhello\r\n`);
    expect(await outcomeOf([body], variants.signed, 5)).toMatchObject({
      code: 'SignatureDoesNotMatch',
      details: { SignatureProvided: zeroSignature },
    });
  });

  it('may have sizes with zeros in front and in upper case', async () => {
    const data = new Uint8Array(26).fill(0x61);
    const body = bytes(`0000001A\r\n${text(data)}\r\n000\r\n${trailerLine}\r\n`);
    expect((await decoded([body], unsigned, 26)).data).toEqual(data);
  });
});

describe('trailers', () => {
  const end = (lines: string) => bytes(`5\r\nhello\r\n0\r\n${lines}`);

  it.each([
    ['LF behind a trailer', 'x-amz-checksum-crc32:NhCmhg==\n\r\n'],
    ['LF and CRLF behind a trailer', 'x-amz-checksum-crc32:NhCmhg==\n\r\n\r\n'],
    ['spaces around a value', 'x-amz-checksum-crc32: NhCmhg== \r\n\r\n'],
    ['a name in upper case', 'X-Amz-Checksum-CRC32:NhCmhg==\r\n\r\n'],
  ])('may have %s', async (_, lines) => {
    const { trailers } = await decoded([end(lines)], unsigned, 5);
    expect(trailers).toEqual([['x-amz-checksum-crc32', 'NhCmhg==']]);
  });

  it('that are signed may end by LF and CRLF', async () => {
    const body = text(await encodedBody(bytes('hello'), variants['signed with a trailer']));
    const asPrinted = body.replace('NhCmhg==\r\n', 'NhCmhg==\n\r\n');
    expect(asPrinted).not.toBe(body);
    expect((await decoded([bytes(asPrinted)], variants['signed with a trailer'], 5)).data).toEqual(bytes('hello'));
  });

  it.each([
    ['none', '\r\n'],
    ['no colon', 'x-amz-checksum-crc32\r\n\r\n'],
    ['another name', 'x-amz-checksum-sha1:NhCmhg==\r\n\r\n'],
    ['another one beside', `${trailerLine}x-amz-meta-a:b\r\n\r\n`],
    ['it twice', `${trailerLine}${trailerLine}\r\n`],
    ['a signature that nobody expects', `${trailerLine}x-amz-trailer-signature:${zeroSignature}\r\n\r\n`],
    ['too many bytes', `x-amz-checksum-crc32:${'a'.repeat(17_000)}\r\n\r\n`],
    ['endless bytes', 'a'.repeat(17_000)],
  ])('are refused with %s', async (_, lines) => {
    expect(await outcomeOf([end(lines)], unsigned, 5)).toMatchObject({ code: 'MalformedTrailerError' });
  });

  it.each(['NhCmhg=', 'NhCm', 'NhCmhh==', 'qvTGHdzF6KLavt4PO0gs2a6pQ00=', ''])(
    'are refused with a value that is no CRC32: %s',
    async (value) => {
      const outcome = await outcomeOf([end(`x-amz-checksum-crc32:${value}\r\n\r\n`)], unsigned, 5);
      expect(outcome).toMatchObject({
        code: 'InvalidRequest',
        message: 'Value for x-amz-checksum-crc32 trailing header is invalid.',
      });
    },
  );

  it('are refused where none are announced', async () => {
    const body = text(await encodedBody(bytes('hello'), variants.signed));
    const lines = [trailerLine, `x-amz-trailer-signature:${zeroSignature}\r\n`];
    for (const line of lines) {
      const outcome = await outcomeOf([bytes(`${body.slice(0, -2)}${line}\r\n`)], variants.signed, 5);
      expect(outcome).toMatchObject({ code: 'MalformedTrailerError' });
    }
  });

  it.each([
    ['is missing', /x-amz-trailer-signature:.*\r\n/, '', 'MalformedTrailerError'],
    ['is of other trailers', /(signature:)[0-9a-f]{64}/, `$1${zeroSignature}`, 'SignatureDoesNotMatch'],
    ['is not the last', /\r\n$/, `${trailerLine}\r\n`, 'MalformedTrailerError'],
  ] as const)('are refused, if their signature %s', async (_, found, replacement, code) => {
    const body = text(await encodedBody(bytes('hello'), variants['signed with a trailer']));
    const outcome = await outcomeOf([bytes(body.replace(found, replacement))], variants['signed with a trailer'], 5);
    expect(outcome).toMatchObject({ code });
  });
});

describe('a decoder', () => {
  it('hands on parts of the pieces, whatever the size of the chunk, before the chunk has ended', async () => {
    const gibibyte = 2 ** 30;
    const piece = new Uint8Array(65_536);
    let given = 0;
    async function* endless() {
      yield bytes(`${gibibyte.toString(16)};chunk-signature=${zeroSignature}\r\n`);
      for (; given < 64; given++) yield piece;
    }
    const decoder = decodeAwsChunked(endless(), { decodedLength: gibibyte, trailers: [], signatures: newChain() });
    for (let read = 1; read <= 64; read++) {
      const step = await decoder.next();
      expect(step.done === true ? undefined : step.value.buffer).toBe(piece.buffer);
      expect(given).toBe(read - 1);
    }
    await expect(decoder.next()).rejects.toMatchObject({ code: 'IncompleteBody' });
  });

  it('makes few pieces of many short chunks', async () => {
    const body = bytes(`${'1\r\na\r\n'.repeat(10_000)}0\r\n${trailerLine}\r\n`);
    const pieces: Uint8Array[] = [];
    for await (const piece of decoderFor(streamOf(body), unsigned, 10_000)) pieces.push(piece);
    expect(pieces.map((piece) => piece.length)).toEqual([10_000]);
  });

  it('says no trailers before the end', async () => {
    const decoder = decoderFor(streamOf(await encodedBody(bytes('hello'), unsigned)), unsigned, 5);
    await decoder.next();
    expect(decoder.trailers).toBeUndefined();
    expect(await decoder.next()).toEqual({ done: true, value: undefined });
    expect(decoder.trailers).toHaveLength(1);
    expect(await decoder.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    ['left before it is read', 0, 'h'],
    ['left in the middle', 1, 'h'],
    ['refused', 2, 'hello, world'],
  ])('ends the body and wipes the key when it is %s', async (_, reads, data) => {
    let ended = 0;
    const pieces = [bytes(`5;chunk-signature=${zeroSignature}\r\nh`), bytes(data)];
    const body = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false as const, value: pieces.shift() ?? new Uint8Array(0) }),
        return: () => {
          ended++;
          return Promise.resolve({ done: true as const, value: undefined });
        },
      }),
    };
    const chain = newChain();
    const decoder = decodeAwsChunked(body, { decodedLength: 5, trailers: [], signatures: chain });
    const outcomes = [];
    for (let read = 0; read < reads; read++) outcomes.push(await decoder.next().catch((error: unknown) => error));
    if (reads === 2) expect(outcomes[1]).toBeInstanceOf(SigV4Error);
    else await decoder.return?.();
    expect(ended).toBe(1);
    expect(() => chain.next('')).toThrow(expect.objectContaining({ code: 'secret_wiped' }));
    expect(await decoder.next()).toEqual({ done: true, value: undefined });
  });

  it('passes on an error of the body', async () => {
    async function* broken() {
      throw new RangeError('the socket is gone');
    }
    const chain = newChain();
    const decoder = decodeAwsChunked(broken(), { decodedLength: 5, trailers: [], signatures: chain });
    await expect(collect(decoder, 5)).rejects.toThrow('the socket is gone');
    expect(() => chain.next('')).toThrow(expect.objectContaining({ code: 'secret_wiped' }));
  });
});
