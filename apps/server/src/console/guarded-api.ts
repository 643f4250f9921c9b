import { decodePercent } from '@coffer/b2-schema';
import { HeaderList, type HeaderPair, type HttpHandler, type HttpRequest, type HttpResponse } from '@coffer/http';
import contentDisposition from 'content-disposition';

/** Headers by which a browser says that a page of another origin asks, and whether it may. */
const ofOtherOrigins = /^(?:origin|access-control-request-.*)$/i;

/**
 * Headers of the protocol's answers that are replaced or left out at the console's address. A challenge would have the
 * browser ask for a password, which it would then send by itself.
 */
const replaced =
  /^(?:access-control-.*|content-security-policy|x-content-type-options|cross-origin-resource-policy|set-cookie|www-authenticate)$/i;
/**
 * Those of a file's content besides: its owner chose them. By the encoding, the browser would make other bytes of it
 * than those that are stored, of any length.
 */
const chosenByOwner = /^(?:content-type|content-disposition|content-encoding|content-language|cache-control|expires)$/i;

const json = /^application\/json; ?charset=utf-8$/i;

/**
 * The B2 Native API as the console's address answers it. Content of files shares the console's origin there, so that a
 * browser must neither show it nor run it, whatever its owner has said that it is: it is an attachment of no particular
 * type, in a sandbox. Pages of other origins get nothing: the CORS rules of buckets have no effect here.
 */
export function guardedApi(api: HttpHandler): HttpHandler {
  return async (request) => guarded(await api(withoutOrigin(request)));
}

function withoutOrigin(request: HttpRequest): HttpRequest {
  const { pairs } = request.headers;
  if (!pairs.some(([name]) => ofOtherOrigins.test(name))) return request;
  return { ...request, headers: new HeaderList(pairs.filter(([name]) => !ofOtherOrigins.test(name))) };
}

function guarded(response: HttpResponse): HttpResponse {
  const headers = new HeaderList(response.headers);
  // Errors and the answers of operations are JSON that the server has made. Everything else is taken for a file.
  const isFile = headers.has('x-bz-file-id') || !json.test(headers.get('content-type') ?? '');
  const kept = response.headers.filter(([name]) => !replaced.test(name) && !(isFile && chosenByOwner.test(name)));
  const added: readonly HeaderPair[] = [
    ['X-Content-Type-Options', 'nosniff'],
    ['Content-Security-Policy', "sandbox; default-src 'none'; frame-ancestors 'none'"],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ...(isFile ? ofFile(headers) : []),
  ];
  return { ...response, headers: [...kept, ...added] };
}

function ofFile(headers: HeaderList): readonly HeaderPair[] {
  return [
    ['Content-Type', 'application/octet-stream'],
    ['Content-Disposition', contentDisposition(attachmentName(headers))],
    ['Cache-Control', 'no-store'],
  ];
}

/** The name that the file's owner or the request wants it to be saved under, or else the last part of its name. */
function attachmentName(headers: HeaderList): string {
  const wanted = filenameOf(headers.get('content-disposition'));
  const name = wanted ?? decodePercent(headers.get('x-bz-file-name') ?? '') ?? '';
  const last = name.split(/[/\\]/).findLast((part) => part !== '') ?? '';
  // Cut at the beginning, so that the extension stays.
  const plain = last.slice(-longestName).replaceAll(unshowable, '_').trim();
  return /^[.\s]*$/.test(plain) ? 'download' : plain;
}

/** Characters that no file should have in its name: control characters, and those that turn the direction of text. */
const unshowable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/** Code units; file systems take some 255 bytes. */
const longestName = 120;

/** The text whose UTF-8 a header carried, a code unit per byte; anything else as it is. */
function readUtf8(text: string): string {
  if (!/^[\x20-\xff]*$/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

function filenameOf(disposition: string | undefined): string | undefined {
  if (disposition === undefined) return undefined;
  try {
    const { filename } = contentDisposition.parse(disposition).parameters;
    return filename === undefined || filename === '' ? undefined : readUtf8(filename);
  } catch {
    // What is no such header says nothing of a name.
    return undefined;
  }
}
