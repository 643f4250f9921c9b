import {
  operations,
  parseDownloadResponse,
  printDownloadPath,
  toQuery,
  type DownloadedFile,
  type OperationNameOf,
} from '@coffer/b2-schema';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { Session } from '../account/account.ts';
import { notOfB2 } from '../transport/transport.ts';
import type { OutgoingRequest } from '../transport/request.ts';
import { withSession, type CallContext, type CallOptions } from './call-context.ts';
import { customerKeysOf, printedFields } from './printed-fields.ts';

/** Which bytes are asked for, counted from 0: `first` to `last`, both included, or the last bytes of the file. */
export type AskedRange =
  { readonly first: number; readonly last?: number | undefined } | { readonly lastBytes: number };

/** What may be said of a download beside its fields. */
export interface DownloadCallOptions extends CallOptions {
  readonly range?: AskedRange | undefined;
  /** Ask for the headers only. */
  readonly headersOnly?: boolean | undefined;
}

/** The answer to a download: what its headers say, and the content. */
export interface DownloadAnswer {
  readonly file: DownloadedFile;
  /** Bytes of the content; undefined where the server does not say. */
  readonly contentLength: number | undefined;
  /** The bytes of the file that these are; undefined if it is the whole file. */
  readonly range: { readonly first: number; readonly last: number; readonly fileLength: number } | undefined;
  /** Whether the content came encoded, in which case the runtime has decoded it: it is not what is stored. */
  readonly isDecoded: boolean;
  /** To be read, or cancelled. Null if only headers were asked for. */
  readonly body: ReadableStream<Uint8Array> | null;
}

type Fields = { readonly serverSideEncryption?: EncryptionRequest | undefined } & Readonly<Record<string, unknown>>;

/** Downloads by id or by name. Only the beginning is repeated; whoever reads an answer that breaks off continues it. */
export function callDownload(
  context: CallContext,
  name: OperationNameOf<'download'>,
  fields: Fields,
  options: DownloadCallOptions = {},
): Promise<DownloadAnswer> {
  return withSession(context, options.signal, async (session) => {
    const request = requestOf(context, session, name, fields, options);
    return answerOf(request, await context.transport.send(request), options);
  });
}

function requestOf(
  { version }: CallContext,
  { info, token }: Session,
  name: OperationNameOf<'download'>,
  { serverSideEncryption, ...fields }: Fields,
  { range, headersOnly, signal }: DownloadCallOptions,
): OutgoingRequest {
  const row = operations[name];
  const encryption = serverSideEncryption === undefined ? {} : { serverSideEncryption };
  const printed = printedFields(row, fields, version);
  const keys = customerKeysOf(encryption);
  const target = targetOf(`${info.downloadUrl}/b2api/${version}/${name}`, info.downloadUrl, printed, headersOnly);
  const text = token.expose((secret) => secret);
  return {
    operation: name,
    ...target,
    headers: [
      ['Authorization', text],
      ...row.headers.print(encryption),
      ...(range === undefined ? [] : [['Range', printRange(range)] as [string, string]]),
    ],
    secrets: [text, ...keys],
    holdsCustomerKey: keys.length > 0,
    signal,
  };
}

/** Fields in the URL; in JSON if the file's name would not survive there. */
function targetOf(
  url: string,
  downloadUrl: string,
  fields: Readonly<Record<string, unknown>>,
  headersOnly = false,
): Pick<OutgoingRequest, 'method' | 'url' | 'body'> {
  const method = headersOnly ? 'HEAD' : 'GET';
  const { bucketName, fileName, ...others } = fields;
  if (typeof bucketName !== 'string' || typeof fileName !== 'string') return { method, url: withQuery(url, fields) };
  const path = printDownloadPath(bucketName, fileName);
  if (path === undefined) return { method: 'POST', url, body: JSON.stringify(fields) };
  return { method, url: withQuery(`${downloadUrl}/file/${path}`, others) };
}

function withQuery(url: string, fields: Readonly<Record<string, unknown>>): string {
  const query = toQuery(fields);
  return query === '' ? url : `${url}?${query}`;
}

function printRange(range: AskedRange): string {
  return 'lastBytes' in range ? `bytes=-${range.lastBytes}` : `bytes=${range.first}-${range.last ?? ''}`;
}

async function answerOf(
  request: OutgoingRequest,
  response: Response,
  { headersOnly }: DownloadCallOptions,
): Promise<DownloadAnswer> {
  const { headers, body } = response;
  const file = parseDownloadResponse(headers);
  if (file === undefined || headersOnly === true) await body?.cancel();
  if (file === undefined) {
    const hint = 'in a browser, the CORS rule of the bucket has to expose x-bz-*';
    throw notOfB2(request, response, `has not the headers of a file (${hint})`);
  }
  const encoding = headers.get('content-encoding') ?? 'identity';
  return {
    file,
    contentLength: numberOf(headers.get('content-length')),
    range: response.status === 206 ? readContentRange(headers.get('content-range')) : undefined,
    isDecoded: encoding !== 'identity',
    body: headersOnly === true ? null : body,
  };
}

function readContentRange(header: string | null): DownloadAnswer['range'] {
  const [, first, last, fileLength] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header ?? '') ?? [];
  if (first === undefined) return undefined;
  return { first: Number(first), last: Number(last), fileLength: Number(fileLength) };
}

function numberOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
