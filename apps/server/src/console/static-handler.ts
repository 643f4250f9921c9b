import {
  evaluateConditions,
  headOf,
  splitTarget,
  type HeaderPair,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
} from '@coffer/http';
import { contentCodings, type ConsoleFile, type ConsoleFiles, type ContentCoding } from './console-files.ts';
import { pageHeaders } from './page-headers.ts';

/**
 * Below it are the addresses of downloads that a service worker of the browser answers with files. A request that comes
 * here instead has no file: without content, the browser stays where it is and saves nothing.
 */
const downloadsRoot = '/downloads/';

/**
 * Answers GET and HEAD with the files of the console. A path that names no file is a place in the console, so it gets
 * the page, which shows that place; but what can only be meant as a file is answered with 404. Paths are compared with
 * those of the files as they are: nothing is decoded, and no file is opened.
 */
export function staticHandler(files: ConsoleFiles): HttpHandler {
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return Promise.resolve(text(405, 'Only GET and HEAD are answered here', [['Allow', 'GET, HEAD']]));
    const { path } = splitTarget(request.target);
    if (path.startsWith(downloadsRoot)) return Promise.resolve(nothing);
    const file = files.byPath.get(path) ?? (isPlace(path, request, files) ? files.page : undefined);
    const response = file === undefined ? text(404, 'There is no such file') : answer(request, file);
    return Promise.resolve(request.method === 'HEAD' ? headOf(response) : response);
  };
}

/**
 * Whether a path that names no file may be a place in the console: not below a folder of files, and without an
 * extension in its last segment. Places are named by users, too, so below another folder a browser that asks for a page
 * gets one, whatever the end of the path looks like.
 */
function isPlace(path: string, { headers }: HttpRequest, { folders }: ConsoleFiles): boolean {
  if (!path.startsWith('/') || folders.some((folder) => path.startsWith(folder))) return false;
  const slash = path.lastIndexOf('/');
  const hasExtension = /\.[A-Za-z0-9]+$/.test(path.slice(slash));
  return !hasExtension || (slash > 0 && headers.getAll('accept').some((value) => value.includes('text/html')));
}

function answer(request: HttpRequest, file: ConsoleFile): HttpResponse {
  const coding = codingFor(request, file);
  const etag = coding === undefined ? file.etag : `${file.etag.slice(0, -1)}-${coding}"`;
  const headers: HeaderPair[] = [
    ...pageHeaders,
    ['Content-Type', file.contentType],
    ['ETag', etag],
    ['Cache-Control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache'],
    ...(hasCodings(file) ? [['Vary', 'Accept-Encoding'] as const] : []),
  ];
  const outcome = evaluateConditions(request, { etag });
  if (outcome !== 'proceed') return { status: outcome === 'not_modified' ? 304 : 412, headers };
  if (coding === undefined) return { status: 200, headers, body: file.content };
  const body = file.compressed[coding] ?? file.content;
  return { status: 200, headers: [...headers, ['Content-Encoding', coding]], body };
}

function hasCodings({ compressed }: ConsoleFile): boolean {
  return Object.keys(compressed).length > 0;
}

/** The best coding that the client takes (RFC 9110 section 12.5.3); undefined for the uncompressed content. */
function codingFor({ headers }: HttpRequest, { compressed }: ConsoleFile): ContentCoding | undefined {
  const taken = headers
    .getAll('accept-encoding')
    .flatMap((value) => value.split(','))
    .filter((item) => !/;\s*q=0(?:\.0*)?\s*$/i.test(item))
    .map((item) => item.split(';', 1).join('').trim().toLowerCase());
  const codings = Object.keys(contentCodings) as ContentCoding[];
  return codings.find((coding) => coding in compressed && taken.includes(coding));
}

const nothing: HttpResponse = { status: 204, headers: [...pageHeaders, ['Cache-Control', 'no-store']] };

function text(status: number, line: string, headers: readonly HeaderPair[] = []): HttpResponse {
  const body = new TextEncoder().encode(`${line}\n`);
  return {
    status,
    headers: [...pageHeaders, ...headers, ['Content-Type', 'text/plain; charset=utf-8'], ['Cache-Control', 'no-store']],
    body,
  };
}
