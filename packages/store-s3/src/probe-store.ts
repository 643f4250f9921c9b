import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { StoreError } from '@coffer/storage-ports';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { copyObject } from './copying.ts';
import { checksumOf } from './multipart-upload.ts';
import { ObjectBody } from './object-body.ts';
import { lookAt, writeMark } from './object-facts.ts';
import { removeObject } from './removal.ts';
import type { S3Abilities } from './s3-abilities.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure, type S3FailureKind } from './s3-failure.ts';

/** The context before its abilities are known. */
export type UnprobedContext = Omit<S3Context, 'abilities'>;

/** What opening found out. */
export interface Probed {
  readonly abilities: S3Abilities;
  /** Sentences for the operator: what works, but not as well as it could. */
  readonly warnings: readonly string[];
}

const cautious: S3Abilities = {
  conditionalPut: false,
  conditionalComplete: false,
  checksums: false,
  listsUploads: false,
  versions: false,
};

/**
 * Finds out what the store can do by doing it with a few small objects, which are removed again. Each right that is
 * needed later is used once.
 *
 * @throws StoreError `io`, `full`: one sentence that names what is missing.
 */
export async function probeStore(context: UnprobedContext): Promise<Probed> {
  const warnings: string[] = [];
  const versions = await step('asking for the bucket’s versioning', () => probeVersions(context, warnings));
  await step('asking for the bucket’s object lock', () => probeLock(context, warnings));
  const key = `${context.keys.probes}${randomBytes(16).toString('hex')}`;
  const base: S3Context = { ...context, abilities: { ...cautious, versions } };
  try {
    const conditionalPut = await step('writing an object', () => probePut(base, key));
    await step('reading an object', () => probeGet(base, key));
    const checksums = await step('writing an object', () => probeChecksum(base, `${key}c`));
    const multipart = await step('writing an object in parts', () => probeMultipart(base, key));
    await step('copying an object', () => probeCopy(base, key, `${key}d`));
    const abilities: S3Abilities = { conditionalPut, checksums, versions, ...multipart };
    return { abilities, warnings: [...warnings, ...warningsOf(abilities)] };
  } finally {
    for (const made of [key, `${key}c`, `${key}d`]) await step('deleting an object', () => removeAndMiss(base, made));
  }
}

function warningsOf({ conditionalPut, conditionalComplete, listsUploads }: S3Abilities): readonly string[] {
  return [
    ...(conditionalPut && conditionalComplete
      ? []
      : [
          `The store does not refuse to replace an object${conditionalPut ? ' by one that is sent in parts' : ''} ` +
            '(If-None-Match): Coffer looks first, and relies on ids that nobody uses twice.',
        ]),
    ...(listsUploads
      ? []
      : ['The store does not list unfinished multipart uploads: a lifecycle rule has to end them.']),
  ];
}

async function step<T>(doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof S3Failure)) throw error;
    throw new StoreError(
      error.kind === 'full' ? 'full' : 'io',
      `Opening the store failed at ${doing}: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

/** The result, or undefined if the failure is one of those kinds. */
async function unless<T>(kinds: readonly S3FailureKind[], act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof S3Failure && kinds.includes(error.kind)) return undefined;
    throw error;
  }
}

async function probeVersions({ calls, bucket }: UnprobedContext, warnings: string[]): Promise<boolean> {
  const command = new GetBucketVersioningCommand({ Bucket: bucket });
  const asked = await unless(['unsupported', 'denied', 'refused'], () =>
    calls.send((client, options) => client.send(command, options)),
  );
  if (asked === undefined)
    warnings.push('Whether the bucket keeps old versions could not be asked: deleted blobs may stay as such.');
  // Suspended: what was written before has versions still.
  const keeps = asked?.Status !== undefined;
  if (keeps) warnings.push('The bucket keeps old versions: Coffer removes them one by one; better turn them off.');
  return keeps;
}

async function probeLock({ calls, bucket }: UnprobedContext, warnings: string[]): Promise<void> {
  const command = new GetObjectLockConfigurationCommand({ Bucket: bucket });
  // A bucket without object lock is answered by an error, another one from store to store.
  const asked = await unless(['unsupported', 'denied', 'refused', 'missing', 'missing_key'], () =>
    calls.send((client, options) => client.send(command, options)),
  );
  const lock = asked?.ObjectLockConfiguration;
  if (lock?.Rule?.DefaultRetention !== undefined)
    throw new StoreError(
      'io',
      'Opening the store failed: the bucket locks each new object by a default retention, so that nothing could be ' +
        'deleted: remove the retention, or use another bucket',
    );
  if (lock?.ObjectLockEnabled === 'Enabled')
    warnings.push('The bucket has object lock: no object of Coffer may be locked there.');
}

const probeContent = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);
const contentOfProbe = probeContent(100);

function putting(context: S3Context, key: string, more: object) {
  const command = new PutObjectCommand({
    Bucket: context.bucket,
    Key: key,
    Body: contentOfProbe,
    Metadata: { [writeMark]: 'probe' },
    ...more,
  });
  return () => context.calls.send((client, options) => client.send(command, options), { isWrite: true });
}

/** Writes an object twice. Whether the second one was refused because of the first. */
async function probePut(context: S3Context, key: string): Promise<boolean> {
  const once = putting(context, key, { IfNoneMatch: '*' });
  // Refused because of itself, if the answer to a first attempt was lost.
  const refused = { isRefused: true };
  const first = await unless(['unsupported', 'refused'], () => orIf('precondition', once, refused));
  if (first === refused) return true;
  if (first === undefined) {
    await putting(context, key, {})();
    return false;
  }
  return (await unless(['precondition'], once)) === undefined;
}

/** The result, or another one for failures of that kind. */
async function orIf<T, U>(kind: S3FailureKind, act: () => Promise<T>, other: U): Promise<T | U> {
  return (await unless([kind], act)) ?? other;
}

/** Reads a range of it and its metadata. */
async function probeGet(context: S3Context, key: string): Promise<void> {
  const { calls, bucket } = context;
  const facts = await lookAt(context, key);
  if (facts === undefined) throw new S3Failure('refused', 'an object that was written is not there right afterwards');
  if (facts.length !== contentOfProbe.length || facts.mark !== 'probe')
    throw new S3Failure('refused', 'it does not keep the length or the metadata of objects');
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, Range: 'bytes=10-19', IfMatch: facts.etag });
  const { Body: body, ContentRange: range } = await calls.send((client, options) => client.send(command, options));
  if (!(body instanceof Readable)) throw new S3Failure('refused', 'an answer without a body');
  const bytes = new Uint8Array(10);
  const reading = new ObjectBody(body, calls.limits.idle);
  await reading.read(bytes);
  reading.finish();
  if (range !== `bytes 10-19/${contentOfProbe.length}` || Buffer.compare(bytes, contentOfProbe.subarray(10, 20)) !== 0)
    throw new S3Failure('refused', 'it does not answer requests for ranges');
}

/** Whether a wrong checksum is noticed. */
async function probeChecksum(context: S3Context, key: string): Promise<boolean> {
  const command = new PutObjectCommand({
    Bucket: context.bucket,
    Key: key,
    Body: contentOfProbe,
    ChecksumCRC32: Buffer.alloc(4).toString('base64'),
  });
  // What is sent wrongly on purpose is not sent again.
  const findOut = (failure: S3Failure) =>
    failure.kind === 'damaged' ? Promise.reject(failure) : Promise.resolve(undefined);
  const wrong = () => context.calls.send<object>((client, options) => client.send(command, options), { findOut });
  if ((await unless(['damaged', 'refused', 'unsupported'], wrong)) !== undefined) return false;
  const right = { ...context, abilities: { ...context.abilities, checksums: true } };
  return (
    (await unless(['refused', 'unsupported'], putting(context, key, checksumOf(right, contentOfProbe)))) !== undefined
  );
}

/** Begins two uploads at the key of an object that is there, finishes one and ends the other. */
async function probeMultipart(
  context: S3Context,
  key: string,
): Promise<Pick<S3Abilities, 'conditionalComplete' | 'listsUploads'>> {
  const upload = await beginUpload(context, key);
  const listsUploads = (await unless(['unsupported', 'refused'], () => isListed(context, key))) ?? false;
  const parts = await sendPart(context, key, upload);
  const command = new CompleteMultipartUploadCommand({
    Bucket: context.bucket,
    Key: key,
    UploadId: upload,
    MultipartUpload: { Parts: parts },
  });
  const refused = { ...command.input, IfNoneMatch: '*' };
  const replacing = () =>
    context.calls.send((client, options) => client.send(new CompleteMultipartUploadCommand(refused), options));
  // If the answer to a first attempt was lost, a second one finds no upload.
  const replaced = await unless(['precondition', 'unsupported', 'refused'], () =>
    orIf('missing_upload', replacing, {}),
  );
  if (replaced !== undefined) return { conditionalComplete: false, listsUploads };
  // Refused because of the object, or because of the condition as such: at a free key, only the latter would be.
  await endUpload(context, key, upload);
  const free = `${key}d`;
  const second = await beginUpload(context, free);
  const input = { ...command.input, Key: free, UploadId: second };
  const partsOfSecond = await sendPart(context, free, second);
  const complete = (condition: object) => () => {
    const whole = { ...input, MultipartUpload: { Parts: partsOfSecond }, ...condition };
    return context.calls.send((client, options) => client.send(new CompleteMultipartUploadCommand(whole), options));
  };
  const kinds: readonly S3FailureKind[] = ['unsupported', 'refused', 'precondition', 'missing_upload'];
  const completed = await unless(kinds, complete({ IfNoneMatch: '*' }));
  // Refused because of itself, or because it has ended, if the answer to a first attempt was lost.
  if (completed !== undefined || (await lookAt(context, free)) !== undefined)
    return { conditionalComplete: true, listsUploads };
  await unless(['missing_upload'], complete({}));
  return { conditionalComplete: false, listsUploads };
}

async function beginUpload({ calls, bucket }: S3Context, key: string): Promise<string> {
  const command = new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, Metadata: { [writeMark]: 'probe' } });
  const { UploadId: id } = await calls.send((client, options) => client.send(command, options));
  if (id === undefined) throw new S3Failure('refused', 'an answer without the id of the upload');
  return id;
}

async function sendPart({ calls, bucket }: S3Context, key: string, uploadId: string) {
  const names = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: 1 };
  const command = new UploadPartCommand({ ...names, Body: contentOfProbe });
  const { ETag: etag } = await calls.send((client, options) => client.send(command, options), { isWrite: true });
  return [{ PartNumber: 1, ETag: etag }];
}

async function endUpload({ calls, bucket }: S3Context, key: string, uploadId: string): Promise<void> {
  const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId });
  await unless(['missing_upload'], () => calls.send((client, options) => client.send(command, options)));
}

async function isListed({ calls, bucket }: S3Context, key: string): Promise<boolean> {
  const command = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key });
  const { Uploads: uploads = [] } = await calls.send((client, options) => client.send(command, options));
  return uploads.some(({ Key }) => Key === key);
}

async function probeCopy(context: S3Context, from: string, to: string): Promise<void> {
  const facts = await lookAt(context, from);
  if (facts === undefined) throw new S3Failure('refused', 'an object that was written is not there right afterwards');
  await copyObject(context, from, to, facts);
}

async function removeAndMiss(context: S3Context, key: string): Promise<void> {
  await removeObject(context, key);
  if ((await lookAt(context, key)) !== undefined)
    throw new S3Failure('refused', 'an object that was deleted is still there');
}
