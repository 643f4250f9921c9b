import { concatBytes, stage, type ByteStream } from '@coffer/bytes';
import { invalidArgument, S3Error } from '../values/s3-error.ts';
import { textOfUtf8 } from '../values/text.ts';
import { DelimitedStream } from './delimited-stream.ts';
import { boundFile } from './file-bounds.ts';
import type { FormField } from './form-fields.ts';
import { parsePartHeaders, type PartHeaders } from './part-headers.ts';
import { malformedForm } from './post-form.ts';

/** A form up to its file. */
export interface MultipartForm {
  /** The fields before the file, in their order. */
  readonly fields: readonly FormField[];
  /** The name of the file on the sender's machine, or a path; empty if there is none. */
  readonly fileName: string;
  /**
   * The content of the file, of unknown length, which counts only if the stream ends without an error. Whatever follows
   * it in the form is ignored (AWS docs "HTML Form Fields", `file`). Ends the body with it, also if nothing is read.
   */
  readonly file: ByteStream;
}

/** How much of a form is read, in bytes. */
export interface FormLimits {
  /** Everything before the content of the file: the fields, their headers and the delimiters. */
  readonly maxFieldBytes: number;
  readonly maxFileBytes: number;
}

const encoder = new TextEncoder();
const lineEnd = encoder.encode('\r\n');
const blankLine = encoder.encode('\r\n\r\n');
const dashes = encoder.encode('--');
const padding = encoder.encode(' \t');

/**
 * Reads a form in `multipart/form-data` (RFC 7578, RFC 2046 section 5.1) up to its file, which is the part named
 * `file`, with a file name or without. Memory is bounded by `maxFieldBytes` and a few pieces of the body. The body is
 * ended when the form is refused.
 *
 * @param boundary As `parseFormBoundary` gives it.
 * @throws S3Error `MalformedPOSTRequest` for what is no such form, text that is not UTF-8 included,
 * `MaxPostPreDataLengthExceeded`, `InvalidArgument` for a form without file; what `body` throws goes to the caller.
 * Reading the file throws `MalformedPOSTRequest` and `EntityTooLarge`.
 *
 * @example
 * ```ts
 * const part = (name, value) =>
 *   `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
 * const body = new TextEncoder().encode(`${part('key', 'a')}${part('file', 'data')}--b--\r\n`);
 * const limits = { maxFieldBytes: 20_480, maxFileBytes: 1000 };
 * const form = await readMultipartForm(streamOf(body), 'b', limits);
 * assert.deepEqual(form.fields, [['key', 'a']]);
 * assert.equal(new TextDecoder().decode(await collect(form.file, 1000)), 'data');
 * ```
 */
export async function readMultipartForm(
  body: ByteStream,
  boundary: string,
  { maxFieldBytes, maxFileBytes }: FormLimits,
): Promise<MultipartForm> {
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  // The first delimiter has no line end before it, unless something comes before the form, which is ignored.
  const stream = new DelimitedStream(body, lineEnd);
  const parts = new PartReader(stream, delimiter, maxFieldBytes);
  try {
    const fields: FormField[] = [];
    await parts.content();
    for (;;) {
      const { name, fileName = '' } = await parts.headers();
      if (name.toLowerCase() === 'file')
        return { fields, fileName, file: fileOf(stream.rest(), delimiter, maxFileBytes) };
      const value = textOfUtf8(await parts.content());
      if (value === undefined) throw malformedForm();
      fields.push([name, value]);
    }
  } catch (error) {
    await stream.end();
    throw error;
  }
}

/** Reads the parts before the file, as long as they keep to the limit. */
class PartReader {
  readonly #stream: DelimitedStream;
  readonly #delimiter: Uint8Array;
  #left: number;

  constructor(stream: DelimitedStream, delimiter: Uint8Array, maxBytes: number) {
    this.#stream = stream;
    this.#delimiter = delimiter;
    // The line end that was put before the body is not one of it.
    this.#left = maxBytes + lineEnd.length;
  }

  /** The headers of the part that begins here. */
  async headers(): Promise<PartHeaders> {
    if (await endsForm(this.#stream)) throw noFile();
    this.#left -= lineEnd.length;
    const headers = parsePartHeaders(await this.#take(blankLine));
    // A delimiter has a line end of its own before it, and no content begins like one.
    if (await this.#stream.startsWith(this.#delimiter.subarray(lineEnd.length))) throw malformedForm();
    return headers;
  }

  /** Everything up to the next delimiter. */
  content(): Promise<Uint8Array> {
    return this.#take(this.#delimiter);
  }

  async #take(mark: Uint8Array): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.#stream.upTo(mark, malformedForm)) {
      this.#left -= piece.length;
      if (this.#left < 0) break;
      pieces.push(piece);
    }
    this.#left -= mark.length;
    if (this.#left < 0) throw new S3Error('MaxPostPreDataLengthExceeded');
    return concatBytes(pieces);
  }
}

function fileOf(rest: ByteStream, delimiter: Uint8Array, maxBytes: number): ByteStream {
  const file = stage(rest, async function* (pieces) {
    const stream = new DelimitedStream(pieces);
    try {
      yield* stream.upTo(delimiter, malformedForm);
      await endsForm(stream);
    } finally {
      await stream.end();
    }
  });
  return boundFile(file, { minBytes: 0, maxBytes });
}

/**
 * Whether the delimiter that was just read is the last one. Space after another one may have been added on the way (RFC
 * 2046 section 5.1.1); anything else there means that it was none.
 */
async function endsForm(stream: DelimitedStream): Promise<boolean> {
  if (await stream.startsWith(dashes)) return true;
  for await (const piece of stream.upTo(lineEnd, malformedForm))
    if (!piece.every((byte) => padding.includes(byte))) throw malformedForm();
  return false;
}

/** AWS's table of errors has `IncorrectNumberOfFilesInPostRequest` for it; this is what the service answers. */
function noFile(): S3Error {
  return invalidArgument('file', 'POST requires exactly one file upload per request.', '0');
}
