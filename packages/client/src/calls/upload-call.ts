import {
  operations,
  type ContentSha1,
  type HeaderRequest,
  type OperationNameOf,
  type ParsedResponseOf,
} from '@coffer/b2-schema';
import type { HeaderPair } from '@coffer/sse-schema';
import { checkEncryption } from '../encryption/check-encryption.ts';
import { ClientError } from '../errors/client-error.ts';
import { judgeUpload } from '../retries/retry-policy.ts';
import { withRetries } from '../retries/with-retries.ts';
import { sha1Of } from '../sources/sha1-of.ts';
import type { UploadBody } from '../sources/upload-source.ts';
import type { CallContext, CallOptions } from './call-context.ts';
import { customerKeysOf } from './printed-fields.ts';
import type { UploadTarget, UploadUrl, UploadUrls } from './upload-urls.ts';

/** What the methods of uploads are given; the fields besides are the row's. */
export type UploadGiven = UploadTarget & {
  readonly body: UploadBody;
  readonly contentSha1?: ContentSha1;
  readonly serverSideEncryption?: { readonly mode: string } | undefined;
};

type Uploaded<Name extends OperationNameOf<'upload'>> = ParsedResponseOf<Name>;

/** Uploads a file or a part: through another upload URL whenever an attempt fails in a way that may pass. */
export async function callUpload<Name extends OperationNameOf<'upload'>>(
  context: CallContext,
  urls: UploadUrls,
  name: Name,
  given: UploadGiven,
  { signal }: CallOptions = {},
): Promise<Uploaded<Name>> {
  const contentSha1 = given.contentSha1 ?? { kind: 'hex', sha1: await sha1Of(given.body, signal) };
  const target: UploadTarget = 'bucketId' in given ? { bucketId: given.bucketId } : { fileId: given.fileId };
  const request = { contentType: 'b2/x-auto', fileInfo: {}, ...given, contentSha1 };
  const { policy, timing } = context;
  const attempt = async () => {
    const url = await urls.take(target, signal);
    return useUrl(urls, target, url, () => send(context, name, url, request, signal));
  };
  const uploaded = await withRetries(attempt, { policy, timing, signal, judge: judgeUpload, firstAtOnce: true });
  checkUploaded(name, uploaded, contentSha1);
  checkEncryption(uploaded, given.serverSideEncryption, name);
  return uploaded as Uploaded<Name>;
}

/** Gives the URL back, unless the upload failed in a way that may be the URL's fault, or may not have ended. */
async function useUrl<T>(urls: UploadUrls, target: UploadTarget, url: UploadUrl, send: () => Promise<T>): Promise<T> {
  try {
    const answer = await send();
    urls.giveBack(target, url);
    return answer;
  } catch (error) {
    const isRefusal = error instanceof ClientError && error.status !== undefined && judgeUpload(error) === 'give up';
    if (isRefusal) urls.giveBack(target, url);
    throw error;
  }
}

function send(
  { transport }: CallContext,
  name: OperationNameOf<'upload'>,
  { url, token }: UploadUrl,
  request: object & { readonly body: UploadBody },
  signal: AbortSignal | undefined,
): Promise<Uploaded<OperationNameOf<'upload'>>> {
  const row = operations[name];
  const keys = customerKeysOf(request);
  return token.expose((text) =>
    transport.json(
      {
        operation: name,
        method: 'POST',
        url,
        headers: [['Authorization', text], ...printHeaders(row.request, request)],
        body: request.body,
        secrets: [text, ...keys],
        holdsCustomerKey: keys.length > 0,
        signal,
      },
      row.response,
    ),
  );
}

function printHeaders(headers: object, request: object): HeaderPair[] {
  // The type of the row's own request, of which nothing is known here.
  return (headers as HeaderRequest<object>).print(request);
}

/** The server has verified the SHA-1; this notices if it has stored another file than it was sent. */
function checkUploaded(
  name: OperationNameOf<'upload'>,
  { contentSha1 }: { readonly contentSha1: string | null },
  sent: ContentSha1,
): void {
  if (sent.kind !== 'hex' || contentSha1 === sent.sha1) return;
  throw new ClientError('checksum_mismatch', 'The stored file has another SHA-1 than the data', { operation: name });
}
