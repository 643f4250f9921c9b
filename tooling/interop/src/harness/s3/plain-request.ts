import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Endpoint } from '../server-process.ts';

/** A request of somebody who knows nothing of S3 but a URL. */
export interface PlainRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** What the server answered. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request that needs no key, such as to a presigned URL, and reads the answer. */
export async function plainRequest(
  { caFile }: Endpoint,
  { url, method = 'GET', headers = {}, body = '' }: PlainRequest,
): Promise<PlainAnswer> {
  const content = Buffer.from(body);
  const options = { method, headers: { ...headers, ...(content.length > 0 && { 'Content-Length': content.length }) } };
  const request =
    caFile === undefined ? requestHttp(url, options) : requestHttps(url, { ...options, ca: readFileSync(caFile) });
  request.end(content);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const pieces: Uint8Array[] = [];
  for await (const piece of answer as AsyncIterable<Uint8Array>) pieces.push(piece);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) };
}

/** Sends a browser's form: its fields in their order, then the file. */
export async function sendForm(
  endpoint: Endpoint,
  url: string,
  fields: Readonly<Record<string, string>>,
  file: Uint8Array,
): Promise<PlainAnswer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(file)]), 'file');
  const encoded = new Response(form);
  const headers = { 'Content-Type': encoded.headers.get('content-type') ?? '' };
  return plainRequest(endpoint, { url, method: 'POST', headers, body: Buffer.from(await encoded.arrayBuffer()) });
}
