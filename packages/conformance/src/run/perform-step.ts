import { SecretString } from '@coffer/bytes';
import { createHash } from 'node:crypto';
import { ConformanceError } from '../model/conformance-error.ts';
import { contentBytes } from '../model/content.ts';
import type { B2DownloadStep, B2KeyStep, B2PartStep, B2UploadStep, BucketStep, S3Step, Step } from '../model/step.ts';
import { refused, type Answer } from '../wire/answer.ts';
import {
  authorizeB2,
  callB2,
  downloadB2,
  encodeName,
  pathOfId,
  uploadB2,
  type B2Session,
} from '../wire/b2-endpoint.ts';
import type { S3Endpoint } from '../wire/s3-endpoint.ts';
import type { Scope } from './scope.ts';
import { making, type MadeThings, type Workplace } from './workplace.ts';

/** Where the steps of one case are performed. */
export interface Stage {
  readonly place: Workplace;
  readonly scope: Scope;
  readonly made: MadeThings;
  /** Sessions that steps have opened, by name. */
  readonly sessions: Map<string, B2Session>;
}

/** Performs a step and gives its answer. @throws ConformanceError if no request could be sent, or none was answered. */
export function performStep(step: Step, stage: Stage): Promise<Answer> {
  switch (step.do) {
    case 'bucket':
      return makeBucket(step, stage);
    case 'b2-key':
      return openKey(step, stage);
    case 'b2-call':
      return callB2(stage.place.send, sessionOf(stage, step.as), step.operation, stage.scope.fields(step.body));
    case 'b2-upload':
      return uploadFile(step, stage);
    case 'b2-part':
      return uploadPart(step, stage);
    case 'b2-download':
      return download(step, stage);
    case 's3':
      return requestS3(step, stage);
  }
}

async function makeBucket({ name, settings = {} }: BucketStep, stage: Stage): Promise<Answer> {
  const { place, scope, made } = stage;
  const bucket = place.newName();
  const fields = { bucketName: bucket, ...scope.fields(settings) };
  const { endpoint } = place;
  const answer = await making({ kind: 'bucket', name: bucket }, made, place.journal, () =>
    endpoint.protocol === 'b2' ? createB2Bucket(stage, fields) : endpoint.s3.request({ method: 'PUT', bucket }),
  );
  const id = answer.json('bucketId');
  const known = { name: bucket, id: typeof id === 'string' ? id : undefined };
  if (answer.ok) made.buckets.push(known);
  scope.rememberBucket(name, bucket, known.id);
  return answer;
}

function createB2Bucket(stage: Stage, fields: object): Promise<Answer> {
  const session = sessionOf(stage, undefined);
  const body = { accountId: session.accountId, bucketType: 'allPrivate', ...fields };
  return callB2(stage.place.send, session, 'b2_create_bucket', body);
}

async function openKey({ name, capabilities }: B2KeyStep, stage: Stage): Promise<Answer> {
  const { place, made, sessions } = stage;
  const session = sessionOf(stage, undefined);
  const keyName = place.newName();
  const body = { accountId: session.accountId, keyName, capabilities };
  const answer = await making({ kind: 'application key', name: keyName }, made, place.journal, () =>
    callB2(place.send, session, 'b2_create_key', body),
  );
  const [id, text] = [answer.json('applicationKeyId'), answer.json('applicationKey')];
  // First of all: a key without a secret is there, too.
  if (answer.ok && typeof id === 'string') made.applicationKeys.push({ name: keyName, id });
  if (place.endpoint.protocol !== 'b2' || typeof id !== 'string' || typeof text !== 'string')
    throw refused(name, answer);
  const secret = SecretString.of(text);
  made.secrets.push(secret);
  sessions.set(name, await authorizeB2(place.send, place.endpoint.origin, id, secret));
  return answer;
}

function uploadFile(step: B2UploadStep, stage: Stage): Promise<Answer> {
  const { scope, place } = stage;
  const bucketId = step.bucket === undefined ? (scope.run.bucketId ?? '') : scope.text(step.bucket);
  const content = contentBytes(step.content, scope.run.minimumPart);
  const headers = {
    'X-Bz-File-Name': encodeName(`${scope.dir}/${step.file}`),
    'Content-Type': 'application/octet-stream',
    'X-Bz-Content-Sha1': sha1Of(content),
    ...scope.texts(step.headers),
  };
  return uploadB2(place.send, sessionOf(stage, undefined), { bucketId }, headers, content);
}

function uploadPart(step: B2PartStep, stage: Stage): Promise<Answer> {
  const { scope, place } = stage;
  const content = contentBytes(step.content, scope.run.minimumPart);
  const headers = {
    'X-Bz-Part-Number': String(step.number),
    'X-Bz-Content-Sha1': sha1Of(content),
    ...scope.texts(step.headers),
  };
  return uploadB2(place.send, sessionOf(stage, undefined), { fileId: scope.text(step.fileId) }, headers, content);
}

function download({ from, method = 'GET', headers, as }: B2DownloadStep, stage: Stage): Promise<Answer> {
  const { scope, place } = stage;
  const session = sessionOf(stage, as);
  if ('json' in from) return callB2(place.send, session, 'b2_download_file_by_id', scope.fields(from.json));
  const path =
    'fileId' in from
      ? pathOfId(scope.text(from.fileId))
      : `/file/${scope.text(from.bucket ?? '{{bucket}}')}/${encodeName(`${scope.dir}/${from.file}`)}`;
  return downloadB2(place.send, session, method, path, scope.texts(headers));
}

function requestS3({ method, bucket, key, query, headers, content, presigned }: S3Step, stage: Stage): Promise<Answer> {
  const { scope } = stage;
  return s3Of(stage).request({
    method,
    bucket: scope.text(bucket ?? '{{bucket}}'),
    ...(key !== undefined && { key: `${scope.dir}/${key}` }),
    query: scope.texts(query),
    headers: scope.texts(headers),
    ...(content !== undefined && { body: contentOf(content, scope) }),
    ...(presigned !== undefined && { presigned }),
  });
}

/** A document is a text with templates. */
function contentOf(content: NonNullable<S3Step['content']>, scope: Scope): Uint8Array {
  return contentBytes('text' in content ? { text: scope.text(content.text) } : content, scope.run.minimumPart);
}

function s3Of({ place: { endpoint } }: Stage): S3Endpoint {
  if (endpoint.protocol === 's3') return endpoint.s3;
  throw new ConformanceError('case', 'A case of the B2 Native API has a step of S3.');
}

function sessionOf({ place: { endpoint }, sessions }: Stage, name: string | undefined): B2Session {
  if (endpoint.protocol !== 'b2') throw new ConformanceError('case', 'A case of S3 has a step of the B2 Native API.');
  if (name === undefined) return endpoint.session;
  const session = sessions.get(name);
  if (session === undefined) throw new ConformanceError('case', `No step has opened the session ${name}.`);
  return session;
}

function sha1Of(content: Uint8Array): string {
  return createHash('sha1').update(content).digest('hex');
}
