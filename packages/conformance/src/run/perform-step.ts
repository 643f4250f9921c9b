import { SecretString } from '@coffer/bytes';
import { createHash } from 'node:crypto';
import { ConformanceError } from '../model/conformance-error.ts';
import { contentBytes } from '../model/content.ts';
import type {
  AwsChunked,
  B2CallStep,
  B2DownloadStep,
  B2KeyStep,
  B2PartStep,
  B2UploadStep,
  BucketStep,
  RawStep,
  S3FormStep,
  S3Step,
  Step,
} from '../model/step.ts';
import { Answer, refused } from '../wire/answer.ts';
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
import type { S3Endpoint } from '../wire/s3-endpoint.ts';
import type { Transport } from '../wire/transport.ts';
import { rawFormOf } from './raw-form.ts';
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
export async function performStep(step: Step, stage: Stage): Promise<Answer> {
  if (step.afterSeconds !== undefined) await seconds(step.afterSeconds);
  switch (step.do) {
    case 'bucket':
      return makeBucket(step, stage);
    case 'b2-key':
      return openKey(step, stage);
    case 's3-form':
      return postForm(step, stage);
    case 'raw':
      return performRaw(step, stage);
    default:
      return performRequest(step, stage, stage.place.send);
  }
}

/** @param send sends the request that the step is about; what it needs before goes the ordinary way */
function performRequest(step: RawStep['request'], stage: Stage, send: Transport): Promise<Answer> {
  switch (step.do) {
    case 'b2-call':
      return call(step, stage, send);
    case 'b2-upload':
      return uploadFile(step, stage, send);
    case 'b2-part':
      return uploadPart(step, stage, send);
    case 'b2-download':
      return download(step, stage, send);
    case 's3':
      return requestS3(step, stage, send);
  }
}

function performRaw(step: RawStep, stage: Stage): Promise<Answer> {
  const { place, scope } = stage;
  const send: Transport = (request) => place.send({ ...request, raw: rawFormOf(step, request, scope) });
  return performRequest(step.request, stage, send);
}

async function makeBucket({ name, settings = {}, headers }: BucketStep, stage: Stage): Promise<Answer> {
  const { place, scope, made } = stage;
  const bucket = place.newName();
  const fields = { bucketName: bucket, ...scope.fields(settings) };
  const { endpoint } = place;
  const answer = await making({ kind: 'bucket', name: bucket }, made, place.journal, () =>
    endpoint.protocol === 'b2'
      ? createB2Bucket(stage, fields)
      : endpoint.s3.request({ method: 'PUT', bucket, headers: scope.texts(headers) }),
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

async function openKey({ name, capabilities, settings = {} }: B2KeyStep, stage: Stage): Promise<Answer> {
  const { place, scope, made, sessions } = stage;
  const session = sessionOf(stage, undefined);
  const keyName = place.newName();
  const body = { accountId: session.accountId, keyName, capabilities, ...scope.fields(settings) };
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

async function call({ operation, body, as, token }: B2CallStep, stage: Stage, send: Transport): Promise<Answer> {
  const { scope, made } = stage;
  const fields = scope.fields(body);
  const answer = await callB2(send, sessionOf(stage, as), operation, fields, tokenOf(token, scope));
  // What a case removes by itself is not removed again.
  if (operation === 'b2_delete_key' && answer.ok) {
    const isGone = ({ id }: { readonly id: string }) => id === fields['applicationKeyId'];
    for (const { name } of made.applicationKeys.filter(isGone)) stage.place.journal.gone(name);
    made.applicationKeys = made.applicationKeys.filter((key) => !isGone(key));
  }
  return answer;
}

function uploadFile(step: B2UploadStep, stage: Stage, send: Transport): Promise<Answer> {
  const { scope } = stage;
  const bucketId = step.bucket === undefined ? (scope.run.bucketId ?? '') : scope.text(step.bucket);
  const content = contentOf(step.content, scope);
  const headers = {
    'X-Bz-File-Name': encodeName(`${scope.dir}/${step.file}`),
    'Content-Type': 'application/octet-stream',
    'X-Bz-Content-Sha1': sha1Of(content),
    ...scope.texts(step.headers),
  };
  return upload(step, { bucketId }, headers, content, stage, send);
}

function uploadPart(step: B2PartStep, stage: Stage, send: Transport): Promise<Answer> {
  const { scope } = stage;
  const content = contentOf(step.content, scope);
  const headers = {
    'X-Bz-Part-Number': String(step.number),
    'X-Bz-Content-Sha1': sha1Of(content),
    ...scope.texts(step.headers),
  };
  return upload(step, { fileId: scope.text(step.fileId) }, headers, content, stage, send);
}

/** If no upload URL is given out, the refusal is the answer. */
async function upload(
  { to, as }: Pick<B2UploadStep, 'to' | 'as'>,
  of: Parameters<typeof uploadPlaceB2>[2],
  headers: Readonly<Record<string, string>>,
  content: Uint8Array,
  stage: Stage,
  send: Transport,
): Promise<Answer> {
  const { place, scope } = stage;
  const session = sessionOf(stage, as);
  const where =
    to === undefined
      ? await uploadPlaceB2(place.send, session, of)
      : { url: scope.text(to.url), token: scope.text(to.token) };
  return where instanceof Answer ? where : uploadB2(send, where, headers, content);
}

function download(step: B2DownloadStep, stage: Stage, send: Transport): Promise<Answer> {
  const { from, method = 'GET', query, headers, as } = step;
  const { scope } = stage;
  const session = sessionOf(stage, as);
  const token = tokenOf(step.token, scope);
  if ('json' in from) return callB2(send, session, 'b2_download_file_by_id', scope.fields(from.json), token);
  const path =
    'fileId' in from
      ? pathOfId(scope.text(from.fileId))
      : `/file/${scope.text(from.bucket ?? '{{bucket}}')}/${encodeName(`${scope.dir}/${from.file}`)}`;
  const parameters = new URLSearchParams(scope.texts(query)).toString();
  const whole = parameters === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${parameters}`;
  return downloadB2(send, session, method, whole, scope.texts(headers), token);
}

function tokenOf(token: string | null | undefined, scope: Scope): string | null | undefined {
  return typeof token === 'string' ? scope.text(token) : token;
}

function requestS3(step: S3Step, stage: Stage, send: Transport): Promise<Answer> {
  const { method, bucket, key, query, headers, content, presigned, virtualHost, chunked, wrong } = step;
  const { scope } = stage;
  const request = {
    method,
    bucket: scope.text(bucket ?? '{{bucket}}'),
    ...(key !== undefined && { key: `${scope.dir}/${key}` }),
    query: scope.texts(query),
    headers: scope.texts(headers),
    ...(content !== undefined && { body: contentOf(content, scope) }),
    ...(presigned !== undefined && { presigned }),
    ...(virtualHost !== undefined && { virtualHost }),
    ...(chunked !== undefined && { chunked: chunkedOf(chunked, scope) }),
    ...(wrong !== undefined && { wrong }),
  };
  return s3Of(stage).request(request, send);
}

function chunkedOf({ trailer, ...chunked }: AwsChunked, scope: Scope): AwsChunked {
  return trailer === undefined ? chunked : { ...chunked, trailer: [trailer[0], scope.text(trailer[1])] };
}

function postForm({ key, content, fields = {}, allowed }: S3FormStep, stage: Stage): Promise<Answer> {
  const { scope } = stage;
  return s3Of(stage).postForm({
    bucket: scope.text('{{bucket}}'),
    key: `${scope.dir}/${key}`,
    content: contentOf(content, scope),
    fields: scope.texts(fields),
    allowed: allowed ?? Object.keys(fields),
  });
}

/** A document is a text with templates. */
function contentOf(content: NonNullable<S3Step['content']>, scope: Scope): Uint8Array {
  return contentBytes('text' in content ? { text: scope.text(content.text) } : content, scope.run.minimumPart);
}

function s3Of({ place: { endpoint, otherS3 } }: Stage): S3Endpoint {
  if (endpoint.protocol === 's3') return endpoint.s3;
  if (otherS3 !== undefined) return otherS3();
  throw new ConformanceError('case', 'A step of S3 needs a target with a section s3.');
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

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, count * 1000);
  });
}
