import {
  evaluateConditions,
  formatHttpDate,
  HeaderList,
  parseHttpDate,
  type HeaderPair,
  type HttpResponse,
} from '@coffer/http';
import { printEtag, printFileInfo, S3Error, s3Headers } from '@coffer/s3-schema';
import type { FileVersion } from '@coffer/storage-core';

/** What conditions of a read are compared with. */
export interface Readable {
  readonly version: FileVersion;
  /** Without quotes. */
  readonly etag: string;
}

/**
 * Evaluates the conditions of a read (RFC 9110 section 13.2.2); entity tags may lack their quotes.
 *
 * @param now Milliseconds since the epoch: `If-Modified-Since` with a later time is ignored, as AWS does.
 * @returns The answer 304 where the client has the object already.
 * @throws S3Error `PreconditionFailed`
 */
export function answerConditions(
  { method, headers }: { readonly method: string; readonly headers: HeaderList },
  readable: Readable,
  now: number,
): HttpResponse | undefined {
  const considered = new HeaderList(headers.pairs.filter((pair) => !isLaterDate(pair, now)).map(withQuotes));
  const validators = { etag: printEtag(readable.etag), lastModified: readable.version.uploadTimestamp };
  switch (evaluateConditions({ method, headers: considered }, validators)) {
    case 'proceed':
      return undefined;
    case 'not_modified':
      return { status: 304, headers: notModifiedHeaders(readable) };
    case 'precondition_failed':
      throw new S3Error('PreconditionFailed', {
        details: { Condition: headers.has('if-match') ? 'If-Match' : 'If-Unmodified-Since' },
      });
  }
}

function isLaterDate([name, value]: HeaderPair, now: number): boolean {
  return name.toLowerCase() === 'if-modified-since' && (parseHttpDate(value) ?? 0) > now;
}

/** AWS and its clients take tags without quotes too. */
function withQuotes([name, value]: HeaderPair): HeaderPair {
  if (!/^if-(none-)?match$/i.test(name) || /["*]/.test(value)) return [name, value];
  return [
    name,
    value
      .split(',')
      .map((tag) => `"${tag.trim()}"`)
      .join(),
  ];
}

/** Of the headers that are stored with an object, those of an answer 304 (RFC 9110 section 15.4.5). */
const keptWhenNotModified: ReadonlySet<string> = new Set(['Cache-Control', 'Expires']);

function notModifiedHeaders({ version, etag }: Readable): HeaderPair[] {
  const stored = printFileInfo(version.fileInfo).filter(([name]) => keptWhenNotModified.has(name));
  return [
    ['ETag', printEtag(etag)],
    ['Last-Modified', formatHttpDate(version.uploadTimestamp)],
    [s3Headers.versionId, version.fileId],
    ...stored,
  ];
}
