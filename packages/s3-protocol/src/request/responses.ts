import type { HeaderPair, HttpRequest, HttpResponse } from '@coffer/http';
import { errorXml, type S3Error } from '@coffer/s3-schema';
import { printXml, type XmlElement } from '@coffer/xml';
import type { RequestRecord } from './request-record.ts';

const encoder = new TextEncoder();
const xmlType: HeaderPair = ['Content-Type', 'application/xml'];
/** On everything but objects, which have what was stored with them. */
const noStore: HeaderPair = ['Cache-Control', 'max-age=0, no-cache, no-store'];

/** An answer with a document. */
export function xmlResponse(document: XmlElement, headers: readonly HeaderPair[] = [], status = 200): HttpResponse {
  return { status, headers: [xmlType, noStore, ...headers], body: encoder.encode(printXml(document)) };
}

/** An answer with nothing but headers. */
export function emptyResponse(headers: readonly HeaderPair[] = [], status = 200): HttpResponse {
  return { status, headers: [noStore, ...headers] };
}

/** An error's answer (AWS docs "Error responses"); one to HEAD, and 304, have no body. */
export function errorResponse(
  error: S3Error,
  status: number,
  { method }: HttpRequest,
  record: RequestRecord,
): HttpResponse {
  if (method === 'HEAD' || status === 304) return emptyResponse(error.headers, status);
  const { resource, requestId, hostId } = record;
  return xmlResponse(errorXml(error, { resource, requestId, hostId }), error.headers, status);
}

/** Tells a browser to come back by TLS only (RFC 6797). */
export const strictTransport: HeaderPair = ['Strict-Transport-Security', 'max-age=63072000'];
