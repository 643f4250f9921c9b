import type { HeaderPair, HttpResponse } from '@coffer/http';
import {
  boundFile,
  checkPolicy,
  encodePath,
  maxFormFieldBytes,
  maxUploadSize,
  postObjectXml,
  postRedirect,
  putObjectHeaders,
  readEncryptionHeaders,
  readMultipartForm,
  readPostForm,
  S3Error,
  writtenHeaders,
  type MultipartForm,
  type PostForm,
} from '@coffer/s3-schema';
import { viewOf, wipeEncryption, type EncryptionRequest } from '@coffer/sse-schema';
import type { FileVersion, Grant } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { requireBucket, requireCapabilities, requireOwner } from '../access/authorize.ts';
import { uploadContent } from '../body/request-body.ts';
import { newObject } from '../objects/new-object.ts';
import { checksumView, entityTagOf } from '../objects/views.ts';
import { emptyResponse, xmlResponse } from '../request/responses.ts';
import type { FormCall, Handler } from './handler.ts';

/**
 * AWS docs "POST Object": an upload by a form in a browser. Whoever signed the policy in the form may upload what the
 * policy allows, with the rights of the key. All of the form but the file is read before anything is decided.
 */
export const postObject: Handler<'PostObject'> = async (call) => {
  const limits = { maxFieldBytes: maxFormFieldBytes, maxFileBytes: maxUploadSize };
  const form = await readMultipartForm(call.body.stream, call.input.headers.boundary, limits);
  const grant = await signerOf(call, form);
  const bounds = checkPolicy({ ...form, bucket: call.bucketName }, call.options.clock.now());
  const post = readPostForm(form.fields, form.fileName);
  const bucket = await requirePlace(call, grant, post);
  const encryption = readEncryptionHeaders('write', post.headers, call.isSecure).target;
  try {
    const file = boundFile(form.file, bounds);
    return await answer(call, post, bucket, await store(call, post, { bucket, grant, file, encryption }), encryption);
  } finally {
    wipeEncryption(encryption);
  }
};

async function signerOf({ record, verifier }: FormCall, form: MultipartForm): Promise<Grant> {
  const signed = await verifier.verifyPolicy(form);
  if (signed.kind === 'anonymous') throw new S3Error('AccessDenied');
  record.keyId = signed.accessKeyId;
  return signed.secret.grant;
}

async function requirePlace(call: FormCall, grant: Grant, { key, headers }: PostForm): Promise<BucketRecord> {
  const { bucketName, options, query, record, row } = call;
  const caller = { kind: 'key', grant } as const;
  requireCapabilities(row, caller, { query, headers });
  const bucket = await requireBucket(options.storage, { row, caller, bucketName, key, query, headers });
  record.bucketId = bucket.bucketId;
  return bucket;
}

interface Upload {
  readonly bucket: BucketRecord;
  readonly grant: Grant;
  readonly file: MultipartForm['file'];
  readonly encryption: EncryptionRequest | undefined;
}

async function store(
  call: FormCall,
  post: PostForm,
  { bucket, grant, file, encryption }: Upload,
): Promise<FileVersion> {
  const { options, record, request } = call;
  const headers = putObjectHeaders(post.headers);
  requireOwner(headers.expectedOwner, bucket);
  const data = { stream: file, length: undefined, trailer: () => undefined };
  const content = uploadContent(data, headers, { maximum: maxUploadSize, signal: request.signal });
  const object = newObject(headers, { bucket, key: post.key, encryption, now: options.clock.now() });
  const version = await options.storage.ofAccount(grant.accountId).files.upload(object, content);
  record.encryption = version.encryption.mode;
  return version;
}

async function answer(
  { options, request }: FormCall,
  { key, redirect, successStatus }: PostForm,
  bucket: BucketRecord,
  version: FileVersion,
  encryption: EncryptionRequest | undefined,
): Promise<HttpResponse> {
  const etag = await entityTagOf(options.storage, version);
  const location = `${options.origin(request)}/${bucket.name}/${encodePath(key)}`;
  const headers: HeaderPair[] = writtenHeaders({
    etag,
    versionId: version.fileId,
    encryption: viewOf(version.encryption.mode, encryption),
    ...checksumView(await options.storage.reads.furtherChecksum(version), null),
  });
  if (redirect !== undefined) {
    return emptyResponse([...headers, ['Location', postRedirect(redirect, { bucket: bucket.name, key, etag })]], 303);
  }
  const all: HeaderPair[] = [...headers, ['Location', location]];
  return successStatus === 201
    ? xmlResponse(postObjectXml({ location, bucket: bucket.name, key, etag }), all, 201)
    : emptyResponse(all, successStatus);
}
