import { ConformanceError } from '../model/conformance-error.ts';
import { refused, type Answer } from '../wire/answer.ts';
import { S3Endpoint } from '../wire/s3-endpoint.ts';
import type { S3Account, S3Request } from '../wire/s3-signing.ts';
import { rangeHeader, type FileHandle, type FileService, type LargeUpload, type RunKeys } from './file-service.ts';
import type { StorageMode } from './mode.ts';
import type { TolerantTransport } from './tolerant-transport.ts';

const sse = 'x-amz-server-side-encryption';

/** What of a target a run over S3 needs to know. */
export interface S3Traits {
  readonly minimumPart: number;
  /** Whether buckets keep all versions of an object if they are asked to. */
  readonly versions: boolean;
}

/** Objects over the S3 Compatible API. The secret of the account is wiped when the service is closed. */
export function s3Files(
  account: S3Account,
  { minimumPart, versions }: S3Traits,
  { bucket, customerKey }: RunKeys,
  { send, wasCut }: TolerantTransport,
): FileService {
  const endpoint = new S3Endpoint(account, send);
  const request = async (what: string, given: Omit<S3Request, 'bucket'>): Promise<Answer> => {
    const answer = await endpoint.request({ bucket, ...given });
    if (!answer.ok) throw refused(what, answer);
    return answer;
  };
  const reading = ({ id }: StorageMode): Record<string, string> =>
    id !== 'sse-c'
      ? {}
      : {
          [`${sse}-customer-algorithm`]: 'AES256',
          [`${sse}-customer-key`]: customerKey.key,
          [`${sse}-customer-key-MD5`]: customerKey.md5,
        };
  const writing = (mode: StorageMode): Record<string, string> => ({
    ...(mode.id === 'sse-s3' && { [sse]: 'AES256' }),
    ...reading(mode),
  });
  return {
    // Each request is signed by itself.
    connect: () => Promise.resolve(),
    makeBucket: async () => {
      await request('CreateBucket', { method: 'PUT' });
      if (!versions) return;
      const body = bytesOf('<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
      await request('PutBucketVersioning', { method: 'PUT', query: { versioning: '' }, body });
    },
    minimumPart: () => minimumPart,
    put: async (name, content, mode) => {
      const answer = await request('PutObject', { method: 'PUT', key: name, headers: writing(mode), body: content });
      return handleOf(name, answer);
    },
    startLarge: async (name, mode): Promise<LargeUpload> => {
      const query = { uploads: '' };
      const started = await request('CreateMultipartUpload', {
        ...{ method: 'POST', key: name, query, headers: writing(mode) },
      });
      const uploadId = started.xml('UploadId');
      if (uploadId === undefined) throw new ConformanceError('setup', 'CreateMultipartUpload told no UploadId.');
      const tags = new Map<number, string>();
      return {
        part: async (number, body) => {
          const part = { partNumber: String(number), uploadId };
          const given = { method: 'PUT', key: name, query: part, headers: reading(mode), body };
          const answer = await request('UploadPart', given);
          tags.set(number, answer.headers.get('etag') ?? '');
        },
        finish: async (): Promise<FileHandle> => {
          const given = { method: 'POST', key: name, query: { uploadId }, headers: reading(mode) };
          const answer = await request('CompleteMultipartUpload', { ...given, body: listOf(tags) });
          // A failure that shows late comes with status 200.
          if (answer.root?.name === 'Error') throw refused('CompleteMultipartUpload', answer);
          return handleOf(name, answer);
        },
      };
    },
    get: async ({ name: key, version }, mode, range) => {
      const headers = { ...reading(mode), ...rangeHeader(range) };
      const query: Record<string, string> = version === undefined ? {} : { versionId: version };
      const answer = await endpoint.request({ method: 'GET', bucket, key, query, headers });
      const { status, ok, code, body } = answer;
      return { status, ok, code, body, cut: wasCut(body) };
    },
    close: () => {
      account.secret.wipe();
    },
  };
}

function handleOf(name: string, answer: Answer): FileHandle {
  return { name, version: answer.headers.get('x-amz-version-id') };
}

function listOf(tags: ReadonlyMap<number, string>): Uint8Array {
  const parts = [...tags]
    .sort(([one], [other]) => one - other)
    .map(([number, tag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`);
  return bytesOf(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
