import { dataLength, maxUploadSize, trailingSha1Length, type ContentSha1 as WireSha1 } from '@coffer/b2-schema';
import { decodeBase64, type SizedStream } from '@coffer/bytes';
import type { HttpRequest } from '@coffer/http';
import type { ContentSha1, UploadBody } from '@coffer/storage-core';
import { badRequest } from '../errors/b2-error.ts';
import type { RequestRecord } from '../request/request-record.ts';

const md5Length = 16;

/** What an upload's headers say of its body. */
export interface ContentHeaders {
  readonly contentSha1: WireSha1;
  readonly contentMd5?: string;
}

/**
 * The body of an upload. Before a byte is read, this checks that its length is declared and within the limits.
 *
 * @throws B2Error `bad_request`.
 */
export function uploadBody(request: HttpRequest, record: RequestRecord, { contentSha1 }: ContentHeaders): SizedStream {
  const { contentLength } = request;
  if (contentLength === undefined) throw badRequest('Missing header: Content-Length');
  const length = dataLength(contentSha1, contentLength);
  if (length === undefined) throw badRequest(`The body is shorter than the ${trailingSha1Length} digits of its SHA-1`);
  if (length > maxUploadSize) throw badRequest(`The body must be no more than ${maxUploadSize} bytes`);
  return { stream: record.body, length: contentLength };
}

/** The body, with the checksums that it is to be compared with. */
export function uploadContent(body: SizedStream, headers: ContentHeaders, signal: AbortSignal): UploadBody {
  const { contentSha1, contentMd5 } = headers;
  const md5 = contentMd5 === undefined ? {} : { md5: readMd5(contentMd5) };
  return { body, sha1: sha1Of(contentSha1), ...md5, signal };
}

function sha1Of(contentSha1: WireSha1): ContentSha1 {
  switch (contentSha1.kind) {
    case 'hex':
      return { kind: 'given', sha1: contentSha1.sha1 };
    case 'atEnd':
      return { kind: 'atEnd' };
    case 'doNotVerify':
      return { kind: 'unverified' };
    case 'unverified':
      return { kind: 'unverified', sha1: contentSha1.sha1 };
  }
}

function readMd5(text: string): Uint8Array {
  const bytes = text.length > 2 * md5Length ? undefined : decodeBase64(text);
  if (bytes?.length !== md5Length) throw badRequest('Header Content-MD5 must be the base64 of 16 bytes');
  return bytes;
}
