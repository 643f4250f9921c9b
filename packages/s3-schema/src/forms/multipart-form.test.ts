import fc from 'fast-check';
import { collect, streamOf, type ByteStream } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { S3Error } from '../values/s3-error.ts';
import type { FormField } from './form-fields.ts';
import { readMultipartForm, type FormLimits, type MultipartForm } from './multipart-form.ts';
import { parseFormBoundary } from './post-form.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const limits = { maxFieldBytes: 20_480, maxFileBytes: 100_000 };
const boundary = '-a--b';

function textPart(headers: string, content: string): string {
  return `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n`;
}

const field = (name: string, value: string) => textPart(`Content-Disposition: form-data; name="${name}"`, value);
const end = `--${boundary}--\r\n`;

/** What a form is, its file read. */
interface WholeForm extends Pick<MultipartForm, 'fields' | 'fileName'> {
  readonly file: string;
}

async function readWhole(body: ByteStream, asked: Partial<FormLimits> = {}, of = boundary): Promise<WholeForm> {
  const { fields, fileName, file } = await readMultipartForm(body, of, { ...limits, ...asked });
  return { fields, fileName, file: Buffer.from(await collect(file, 1_000_000)).toString('latin1') };
}

const readText = (text: string, asked?: Partial<FormLimits>) => readWhole(streamOf(encoder.encode(text)), asked);

async function refusalOf(reading: Promise<unknown>): Promise<S3Error> {
  const outcome = await reading.catch((error: unknown) => error);
  if (outcome instanceof S3Error) return outcome;
  throw new TypeError(`was not refused: ${JSON.stringify(outcome)}`, { cause: outcome });
}

/** The bytes in pieces that end at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((at, index) => bytes.subarray(ends[index - 1] ?? 0, at));
}

/** A body that tells how often it was pulled, and whether it was ended. */
function watched(pieces: readonly Uint8Array[]) {
  const seen = { pulled: 0, isEnded: false };
  const left = pieces.values();
  const stream: ByteStream = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        seen.pulled++;
        const next = left.next();
        seen.isEnded ||= next.done === true;
        return Promise.resolve(next);
      },
      return: () => {
        seen.isEnded = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  return { seen, stream };
}

/** Content that looks like delimiters again and again. */
const content = fc
  .array(
    fc.constantFrom('\r', '\n', '\r\n', '-', '--', boundary, `\r\n--`, `\r\n--${boundary.slice(0, -1)}`, 'x', '\0'),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !`\r\n${text}\r\n`.includes(`\r\n--${boundary}`));
const names = fc.stringMatching(/^[a-e;= ü€]{1,6}$/u).filter((name) => name.toLowerCase() !== 'file');
const cuts = fc.oneof(fc.array(fc.nat(), { maxLength: 6 }), fc.constant(Array.from({ length: 800 }, (_, at) => at)));

describe('a form', () => {
  it('is the same in pieces of any size', async () => {
    const forms = fc.record({
      fields: fc.array(fc.tuple(names, content), { maxLength: 4 }),
      fileName: names,
      file: content,
    });
    await fc.assert(
      fc.asyncProperty(forms, cuts, content, async ({ fields, fileName, file }, places, after) => {
        const disposition = `content-disposition:form-data ; name=FILE; filename="${fileName}"\r\nContent-Type: a/b`;
        const parts = fields.map(([name, value]) => field(name, value)).join('') + textPart(disposition, file);
        const bytes = encoder.encode(`${parts}${end}${after}`);
        const expected = { fields, fileName, file: Buffer.from(file).toString('latin1') };
        expect(await readWhole(streamOf(...cut(bytes, places)))).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('that another implementation has written is read', async () => {
    const values = fc.string({ unit: 'grapheme', maxLength: 8 });
    const files = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(names, values), { maxLength: 4 }),
        files,
        cuts,
        async (fields, file, places) => {
          const form = new FormData();
          for (const [name, value] of fields) form.append(name, value);
          form.append('file', new File([file], 'ü "a".png'));
          form.append('after', 'ignored');
          const response = new Response(form);
          const bytes = new Uint8Array(await response.arrayBuffer());
          const of = parseFormBoundary(response.headers.get('content-type') ?? '');
          const read = await readWhole(streamOf(...cut(bytes, places)), {}, of);
          // A browser makes every line end one of CR LF.
          const sent = fields.map(([name, value]): FormField => [name, value.replaceAll(/\r\n?|\n/g, '\r\n')]);
          const expected = { fields: sent, fileName: 'ü %22a%22.png', file: Buffer.from(file).toString('latin1') };
          expect(read).toEqual(expected);
        },
      ),
    );
  });

  it('may begin after a preamble, pad its delimiters, and send a file without a name', async () => {
    const file = textPart('Content-Disposition: form-data; name="file"', 'data');
    const text = `a preamble\r\n--${boundary} \t\r\n${field('key', 'a').slice(boundary.length + 4)}${file}${end}`;
    const expected = { fields: [['key', 'a']], fileName: '', file: 'data' };
    expect(await readText(text)).toEqual(expected);
    // Some clients send no line end behind the last delimiter, and an ignored field may follow the file.
    expect(await readText(text.slice(0, -2))).toEqual(expected);
    expect(await readText(text.replace(end, `${field('submit', 'Upload')}${end}`))).toEqual(expected);
  });

  it('takes a part for a field for whatever file name it has, unless it is named file', async () => {
    const key = textPart('Content-Disposition: form-data; name="key"; filename="key"', 'a');
    const form = await readText(`${key}${field('file', 'data')}${end}`);
    expect(form).toEqual({ fields: [['key', 'a']], fileName: '', file: 'data' });
  });
});

describe('a form is refused', () => {
  const file = field('file', 'data');

  it.each([
    ['without a delimiter', 'no form'],
    ['with nothing in it', ''],
    ['with another delimiter', `${field('key', 'a')}${file}${end}`.replaceAll(boundary, 'other')],
    ['with a delimiter that goes on', `${field('key', 'a')}--${boundary}x\r\n${file}${end}`],
    ['without headers', `--${boundary}\r\n\r\nvalue\r\n${file}${end}`],
    ['with a part that ends in its headers', `--${boundary}\r\nContent-Disposition: form-data; name="key"\r\n${file}`],
    [
      'with a delimiter right behind headers',
      `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${file}`,
    ],
    ['with a file that a delimiter that goes on ends', `${file.slice(0, -2)}\r\n--${boundary}x\r\n${end}`],
    ['with lines that end otherwise', `${field('key', 'a')}${file}${end}`.replaceAll('\r', '')],
  ])('%s', async (_, text) => {
    expect((await refusalOf(readText(text))).code).toBe('MalformedPOSTRequest');
  });

  it('without a file', async () => {
    const refusal = await refusalOf(readText(`${field('key', 'a')}${end}`));
    const details = { ArgumentName: 'file', ArgumentValue: '0' };
    expect(refusal).toMatchObject({ code: 'InvalidArgument', details });
  });

  it('with text that is not UTF-8', async () => {
    for (const part of [field('key', '\u00e4'), field('\u00e4', 'a')]) {
      const bytes = Uint8Array.from(Buffer.from(`${part}${file}${end}`, 'latin1'));
      expect((await refusalOf(readWhole(streamOf(bytes)))).code).toBe('MalformedPOSTRequest');
    }
  });

  it('wherever it is cut off, unless the file was over', async () => {
    const whole = encoder.encode(`${field('key', 'a')}${file}${end}`);
    const fileEnd = whole.length - 2;
    for (let length = 0; length < fileEnd; length++)
      expect(await refusalOf(readWhole(streamOf(whole.subarray(0, length))))).toMatchObject({
        code: 'MalformedPOSTRequest',
      });
    expect(await readWhole(streamOf(whole.subarray(0, fileEnd)))).toMatchObject({ file: 'data' });
  });

  it('with what is before the file, or the file, too long', async () => {
    const before = field('key', 'a'.repeat(1000));
    const text = `${before}${file}${end}`;
    const headers = file.lastIndexOf('data');
    const maxFieldBytes = before.length + headers;
    expect(await readText(text, { maxFieldBytes, maxFileBytes: 4 })).toMatchObject({ file: 'data' });
    const long = await refusalOf(readText(text, { maxFieldBytes: maxFieldBytes - 1 }));
    expect(long.code).toBe('MaxPostPreDataLengthExceeded');
    const large = await refusalOf(readText(text, { maxFileBytes: 3 }));
    expect(large).toMatchObject({ code: 'EntityTooLarge', details: { MaxSizeAllowed: 3 } });
  });

  it('with nothing but S3 errors, whatever it is', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      content.map((text) => encoder.encode(`${file}${text}`)),
    );
    const mangled = fc
      .tuple(fc.nat(), fc.nat(255))
      .map(([at, byte]) =>
        encoder.encode(`${field('key', 'a')}${file}${end}`).map((old, i) => (i === at % 150 ? byte : old)),
      );
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, mangled), cuts, async (body, places) => {
        try {
          await readWhole(streamOf(...cut(body, places)));
        } catch (error) {
          expect(error).toBeInstanceOf(S3Error);
        }
      }),
    );
  });
});

describe('the body of a form', () => {
  const whole = encoder.encode(`${field('key', 'a')}${field('file', 'data '.repeat(100))}${end}`);
  const inPieces = (size: number, bytes = whole) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

  it('is pulled only as it is read', async () => {
    const { seen, stream } = watched(inPieces(50));
    const { file } = await readMultipartForm(stream, boundary, limits);
    const before = seen.pulled;
    expect(before * 50).toBeLessThan(whole.length - 350);
    const pieces = file[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.next();
    expect(seen.pulled).toBeLessThanOrEqual(before + 2);
    await pieces.return?.();
    expect(seen.isEnded).toBe(true);
  });

  it.each([
    ['the form is refused', encoder.encode('no form')],
    ['there is no file', encoder.encode(`${field('key', 'a')}${end}`)],
  ])('is ended when %s', async (_, bytes) => {
    const { seen, stream } = watched(inPieces(20, bytes));
    await refusalOf(readMultipartForm(stream, boundary, limits));
    expect(seen.isEnded).toBe(true);
  });

  it('is ended when the file is read, and when it is not', async () => {
    const read = watched(inPieces(20));
    await readWhole(read.stream);
    expect(read.seen.isEnded).toBe(true);
    const unread = watched(inPieces(20));
    const { file } = await readMultipartForm(unread.stream, boundary, limits);
    expect(unread.seen.isEnded).toBe(false);
    await file[Symbol.asyncIterator]().return?.();
    expect(unread.seen.isEnded).toBe(true);
  });

  it('fails with its own error', async () => {
    const failure = new Error('lost');
    const failing = async function* (length: number) {
      yield whole.subarray(0, length);
      await Promise.reject(failure);
    };
    await expect(readWhole(failing(30))).rejects.toBe(failure);
    await expect(readWhole(failing(whole.length - 50))).rejects.toBe(failure);
  });

  it('is read in time that is linear in its length', async () => {
    const tricky = `\r\n--${boundary.slice(0, -1)}`.repeat(100_000);
    const text = `${field('key', 'a')}${field('file', tricky)}${end}`;
    const form = await readMultipartForm(streamOf(encoder.encode(text)), boundary, { ...limits, maxFileBytes: 1e8 });
    const file = decoder.decode(await collect(form.file, 1e8));
    expect(file === tricky).toBe(true);
  });
});
