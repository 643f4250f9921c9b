import { publicRandomBytes, SecretString } from '@coffer/bytes';
import { ConformanceError } from '../model/conformance-error.ts';
import { protocolOf, type Profile } from '../model/feature.ts';
import { namesOf } from '../model/made-thing.ts';
import { secretFrom, valueFrom, type Environment } from '../target/secrets.ts';
import type { Target } from '../target/target.ts';
import { refused, type Answer } from '../wire/answer.ts';
import { authorizeB2, callB2 } from '../wire/b2-endpoint.ts';
import { S3Endpoint } from '../wire/s3-endpoint.ts';
import type { Transport } from '../wire/transport.ts';
import type { Journal } from './journal.ts';
import { ExchangeRecorder } from './exchange-recorder.ts';
import { removeMade } from './remove-made.ts';
import { making, nothingMade, sendingBy, type Endpoint, type MadeThings, type Workplace } from './workplace.ts';

/** A workplace with the run's bucket in it, and what removes both. */
export interface OpenedWorkplace {
  readonly place: Workplace;
  /** Names what could not be removed. */
  readonly close: () => Promise<readonly string[]>;
}

/**
 * Authorizes and makes the run's bucket.
 *
 * @throws ConformanceError `target` without what the profile needs, `setup` if the endpoint refuses it, `connection`;
 * without the secrets that the endpoint may have given back.
 */
export async function openWorkplace(
  target: Target,
  profile: Profile,
  send: Transport,
  environment: Environment,
  journal: Journal,
): Promise<OpenedWorkplace> {
  const recorder = new ExchangeRecorder(send, keyTexts(target, environment));
  try {
    const { place: opening, made } = await makePlace(target, profile, recorder.send, environment, journal);
    const place = sendingBy(send, opening);
    return { place, close: () => removeMade(place, made) };
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error;
    const message = recorder.redact(error.message);
    // Its causes have the same text in them.
    throw message === error.message ? error : new ConformanceError(error.code, message);
  }
}

async function makePlace(
  target: Target,
  profile: Profile,
  send: Transport,
  environment: Environment,
  journal: Journal,
): Promise<{ readonly place: Workplace; readonly made: MadeThings }> {
  const newName = namesOf(Buffer.from(publicRandomBytes(4)).toString('hex'));
  const { endpoint, secret, minimumPart } =
    protocolOf(profile) === 'b2' ? await openB2(target, send, environment) : openS3(target, send, environment);
  const bucket = newName();
  const made = nothingMade();
  try {
    // Those of the other API too: no report may show them either, whether or not a case uses them.
    made.secrets.push(secret, ...keyTexts(target, environment).map((text) => SecretString.of(text)));
    const answer = await making({ kind: 'bucket', name: bucket }, made, journal, () =>
      makeBucket(endpoint, send, bucket),
    );
    const bucketId = bucketIdOf(endpoint, bucket, answer);
    made.buckets.push({ name: bucket, id: bucketId });
    const otherS3 = target.s3 === undefined ? {} : { otherS3: whenAsked(target, send, environment, made.secrets) };
    const accountId = endpoint.protocol === 'b2' ? endpoint.session.accountId : undefined;
    const values = { bucket, bucketId, accountId, minimumPart };
    const place = { endpoint, ...otherS3, send, values, secrets: made.secrets, journal, newName };
    return { place, made };
  } catch (error) {
    secret.wipe();
    throw namingPerhaps(error, bucket, made);
  }
}

/** The keys of both APIs, as far as they are set. */
function keyTexts({ b2, s3 }: Target, environment: Environment): readonly string[] {
  const values = [b2?.key, s3?.secretAccessKey].map((name) => environment[name?.env ?? '']);
  return values.flatMap((value) => (value === undefined || value === '' ? [] : [value]));
}

/** There is no report yet that could name a bucket which is perhaps there. */
function namingPerhaps(cause: unknown, bucket: string, { unanswered }: MadeThings): unknown {
  if (!(cause instanceof ConformanceError) || unanswered.length === 0) return cause;
  return new ConformanceError(cause.code, `${cause.message}. Perhaps left behind: bucket ${bucket}`, { cause });
}

interface OpenedEndpoint {
  readonly endpoint: Endpoint;
  readonly secret: SecretString;
  readonly minimumPart: number;
}

interface OpenedS3 extends OpenedEndpoint {
  readonly s3: S3Endpoint;
}

async function openB2({ name, b2 }: Target, send: Transport, environment: Environment): Promise<OpenedEndpoint> {
  if (b2 === undefined) throw new ConformanceError('target', `The target ${name} has no section b2.`);
  const keyId = valueFrom(b2.keyId, environment);
  const secret = secretFrom(b2.key, environment);
  const session = await authorizeB2(send, b2.url, keyId, secret).catch((error: unknown) => {
    secret.wipe();
    throw error;
  });
  return { endpoint: { protocol: 'b2', session, origin: b2.url }, secret, minimumPart: session.minimumPartSize };
}

/** Opens the endpoint of S3 once a case needs it, so that a run without such cases needs no key of S3. */
function whenAsked(
  target: Target,
  send: Transport,
  environment: Environment,
  secrets: SecretString[],
): () => S3Endpoint {
  let opened: S3Endpoint | undefined;
  return () => {
    if (opened !== undefined) return opened;
    const { s3, secret } = openS3(target, send, environment);
    secrets.push(secret);
    return (opened = s3);
  };
}

function openS3({ name, s3 }: Target, send: Transport, environment: Environment): OpenedS3 {
  if (s3 === undefined) throw new ConformanceError('target', `The target ${name} has no section s3.`);
  const { url: origin, bucketDomain = new URL(origin).host, region, minimumPartSize: minimumPart } = s3;
  const accessKeyId = valueFrom(s3.accessKeyId, environment);
  const secret = secretFrom(s3.secretAccessKey, environment);
  const account = { origin, bucketDomain, region, accessKeyId, secret };
  const opened = new S3Endpoint(account, send);
  return { endpoint: { protocol: 's3', s3: opened }, s3: opened, secret, minimumPart };
}

function makeBucket(endpoint: Endpoint, send: Transport, bucket: string): Promise<Answer> {
  if (endpoint.protocol === 's3') return endpoint.s3.request({ method: 'PUT', bucket });
  const { session } = endpoint;
  const body = { accountId: session.accountId, bucketName: bucket, bucketType: 'allPrivate' };
  return callB2(send, session, 'b2_create_bucket', body);
}

/** @throws ConformanceError `setup` if there is no bucket, or its id is not told. */
function bucketIdOf({ protocol }: Endpoint, bucket: string, answer: Answer): string | undefined {
  if (!answer.ok) throw refused(protocol === 's3' ? 'CreateBucket' : 'b2_create_bucket', answer);
  if (protocol === 's3') return undefined;
  const bucketId = answer.json('bucketId');
  if (typeof bucketId === 'string' && bucketId !== '') return bucketId;
  throw new ConformanceError('setup', `b2_create_bucket told no bucketId. Left behind: bucket ${bucket}`);
}
