import { operations, type OperationName, type OperationNameOf, type OperationRow } from '@coffer/b2-schema';
import type { Grant } from '@coffer/storage-core';
import { basic, origin, sha1, type Answer, type TestServer } from './test-server.ts';
import { validCalls } from './valid-calls.ts';

/** What a key may do, as a test makes one. */
interface Rights {
  readonly capabilities: readonly string[];
  readonly bucketIds?: readonly string[];
  readonly namePrefix?: string;
}

/** What a call has besides, or instead: fields where it is JSON, headers where it is an upload or a download. */
export interface Changes {
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A call of an operation that is in order, but for its `Authorization` (null sends none) and what a test changes. */
export interface Attempt {
  send(authorization: string | null, changes?: Changes): Promise<Answer>;
  /**
   * The value that the operation wants of a key with these rights: credentials, a token, or the token of an upload URL.
   */
  authorizationOf(rights: Rights): Promise<string>;
}

/** One attempt at each operation, on a server that it prepares. */
export async function validAttempts(
  server: TestServer,
): Promise<{ readonly [Name in OperationName]: (version?: 'v1' | 'v4') => Attempt }> {
  const calls = await validCalls(server);
  const bucketId = await server.createBucket('bucket-attempts');
  const fileId = (await server.upload(bucketId, 'a', 'content')).json.fileId;
  const start = { bucketId, fileName: 'large-attempt', contentType: 'text/plain' };
  const largeFileId = (await server.ok('b2_start_large_file', start)).fileId;
  const uploads = { b2_upload_file: bucketId, b2_upload_part: largeFileId };
  const downloads = {
    b2_download_file_by_id: { fileId },
    b2_download_file_by_name: { bucketName: 'bucket-attempts', fileName: 'a' },
  };
  const attemptAt =
    (name: OperationName) =>
    (version: 'v1' | 'v4' = 'v4') => {
      const authorizationOf = (rights: Rights) => authorizationFor(server, name, rights, uploads);
      if (name === 'b2_authorize_account') return { authorizationOf, send: authorizing(server, version) };
      if (isUpload(name)) return { authorizationOf, send: uploading(server, version, name, uploads[name]) };
      const fields = name in downloads ? downloads[name as keyof typeof downloads] : calls[name as keyof typeof calls];
      const send: Attempt['send'] = (token, changes) =>
        server.call(
          name,
          { ...fields, ...changes?.fields },
          { version, token, ...(changes?.headers && { headers: changes.headers }) },
        );
      return { authorizationOf, send };
    };
  return Object.fromEntries(
    Object.keys(operations).map((name) => [name, attemptAt(name as OperationName)]),
  ) as unknown as Awaited<ReturnType<typeof validAttempts>>;
}

function isUpload(name: OperationName): name is OperationNameOf<'upload'> {
  return operations[name].kind === 'upload';
}

function authorizing(server: TestServer, version: string): Attempt['send'] {
  return (authorization) =>
    server.send({
      target: `/b2api/${version}/b2_authorize_account`,
      headers: { Authorization: authorization ?? undefined },
    });
}

const ownHeaders: Readonly<Record<OperationNameOf<'upload'>, Readonly<Record<string, string>>>> = {
  b2_upload_file: { 'X-Bz-File-Name': 'uploaded', 'Content-Type': 'text/plain' },
  b2_upload_part: { 'X-Bz-Part-Number': '1' },
};

function uploading(
  server: TestServer,
  version: string,
  name: OperationNameOf<'upload'>,
  target: string,
): Attempt['send'] {
  const body = 'a'.repeat(10);
  const uploadUrl = `${origin}/b2api/${version}/${name}/${target}/c000_v0000000_t0000`;
  return (authorization, changes) => {
    const headers = { ...ownHeaders[name], Authorization: authorization ?? undefined, ...changes?.headers };
    return server.uploadTo(
      { uploadUrl, authorizationToken: '' },
      body,
      { 'X-Bz-Content-Sha1': sha1(body) },
      { headers },
    );
  };
}

async function authorizationFor(
  server: TestServer,
  name: OperationName,
  rights: Rights,
  uploads: Readonly<Record<OperationNameOf<'upload'>, string>>,
): Promise<string> {
  const { by }: OperationRow['authorization'] = operations[name].authorization;
  const { key, secret } = await server.storage.applicationKeys.create({
    accountId: server.accountId,
    keyName: 'attempt',
    capabilities: rights.capabilities,
    bucketIds: rights.bucketIds ?? null,
    namePrefix: rights.namePrefix ?? null,
    validDurationInSeconds: 3_600,
  });
  if (by === 'basic') return secret.expose((text) => basic(key.applicationKeyId, text));
  const { tokens } = server.storage;
  const token = await tokens.issueAccountToken(key);
  if (by === 'account' || by === 'download') return token;
  const grant: Grant = await tokens.checkAccountToken(token);
  return by === 'uploadToken'
    ? tokens.issueUploadToken(grant, uploads.b2_upload_file)
    : tokens.issuePartToken(grant, uploads.b2_upload_part);
}
