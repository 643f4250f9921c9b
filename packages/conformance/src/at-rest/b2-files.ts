import type { SecretString } from '@coffer/bytes';
import { createHash } from 'node:crypto';
import { ConformanceError } from '../model/conformance-error.ts';
import { refused, type Answer } from '../wire/answer.ts';
import {
  authorizeB2,
  callB2,
  downloadB2,
  encodeName,
  pathOfId,
  uploadB2,
  uploadPlaceB2,
  type B2Session,
} from '../wire/b2-endpoint.ts';
import { rangeHeader, type FileHandle, type FileService, type LargeUpload, type RunKeys } from './file-service.ts';
import type { StorageMode } from './mode.ts';
import type { TolerantTransport } from './tolerant-transport.ts';

const sse = 'X-Bz-Server-Side-Encryption';

export interface B2Account {
  readonly origin: string;
  readonly keyId: string;
  /** Wiped when the service is closed. */
  readonly secret: SecretString;
}

/** Files over the B2 Native API. */
export function b2Files(
  { origin, keyId, secret }: B2Account,
  { bucket, customerKey }: RunKeys,
  { send, wasCut }: TolerantTransport,
): FileService {
  let opened: B2Session | undefined;
  let bucketId = '';
  const session = (): B2Session => {
    if (opened === undefined) throw new ConformanceError('setup', 'The run has not authorized.');
    return opened;
  };
  const call = async (operation: string, body: object): Promise<Answer> =>
    accepted(operation, await callB2(send, session(), operation, body));
  const uploadTo = async (
    of: { readonly bucketId: string } | { readonly fileId: string },
    headers: Readonly<Record<string, string>>,
    content: Uint8Array,
  ): Promise<Answer> => {
    const place = await uploadPlaceB2(send, session(), of);
    return 'token' in place ? uploadB2(send, place, headers, content) : place;
  };
  const reading = ({ id }: StorageMode): Record<string, string> =>
    id !== 'sse-c'
      ? {}
      : {
          [`${sse}-Customer-Algorithm`]: 'AES256',
          [`${sse}-Customer-Key`]: customerKey.key,
          [`${sse}-Customer-Key-Md5`]: customerKey.md5,
        };
  const setting = ({ id }: StorageMode): object | undefined => {
    if (id === 'none') return undefined;
    if (id !== 'sse-c') return { mode: 'SSE-B2', algorithm: 'AES256' };
    return { mode: 'SSE-C', algorithm: 'AES256', customerKey: customerKey.key, customerKeyMd5: customerKey.md5 };
  };
  return {
    connect: async () => {
      opened = await authorizeB2(send, origin, keyId, secret);
    },
    makeBucket: async () => {
      const { accountId } = session();
      const made = await call('b2_create_bucket', { accountId, bucketName: bucket, bucketType: 'allPrivate' });
      bucketId = textOf(made, 'bucketId');
    },
    minimumPart: () => session().minimumPartSize,
    put: async (name, content, mode) => {
      const headers = {
        'X-Bz-File-Name': encodeName(name),
        'Content-Type': 'application/octet-stream',
        'X-Bz-Content-Sha1': sha1Of(content),
        ...(mode.id === 'sse-b2' && { [sse]: 'AES256' }),
        ...reading(mode),
      };
      const answer = await uploadTo({ bucketId }, headers, content);
      return { name, version: textOf(accepted('b2_upload_file', answer), 'fileId') };
    },
    startLarge: async (name, mode): Promise<LargeUpload> => {
      const serverSideEncryption = setting(mode);
      const started = await call('b2_start_large_file', {
        ...{ bucketId, fileName: name, contentType: 'application/octet-stream' },
        ...(serverSideEncryption !== undefined && { serverSideEncryption }),
      });
      const fileId = textOf(started, 'fileId');
      const sha1s = new Map<number, string>();
      return {
        part: async (number, content) => {
          const sha1 = sha1Of(content);
          const headers = { 'X-Bz-Part-Number': String(number), 'X-Bz-Content-Sha1': sha1, ...reading(mode) };
          accepted('b2_upload_part', await uploadTo({ fileId }, headers, content));
          sha1s.set(number, sha1);
        },
        finish: async (): Promise<FileHandle> => {
          const partSha1Array = [...sha1s].sort(([one], [other]) => one - other).map(([, sha1]) => sha1);
          await call('b2_finish_large_file', { fileId, partSha1Array });
          return { name, version: fileId };
        },
      };
    },
    get: async ({ version = '' }, mode, range) => {
      const headers = { ...reading(mode), ...rangeHeader(range) };
      const answer = await downloadB2(send, session(), 'GET', pathOfId(version), headers);
      const { status, ok, code, body } = answer;
      return { status, ok, code, body, cut: wasCut(body) };
    },
    close: () => {
      secret.wipe();
    },
  };
}

function accepted(what: string, answer: Answer): Answer {
  if (answer.ok) return answer;
  throw refused(what, answer);
}

function textOf(answer: Answer, path: string): string {
  const value = answer.json(path);
  if (typeof value === 'string' && value !== '') return value;
  throw new ConformanceError('setup', `An answer has no ${path}.`);
}

function sha1Of(content: Uint8Array): string {
  return createHash('sha1').update(content).digest('hex');
}
