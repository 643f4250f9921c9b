import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { SecretString } from '@coffer/bytes';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { S3Limits } from './s3-limits.ts';

/** An access key. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: SecretString;
  /** Of credentials that are valid for some hours only. */
  readonly sessionToken?: SecretString;
}

/** How the store is reached. */
export interface S3Connection {
  /** The store's URL, without bucket; default: that of AWS for the region. */
  readonly endpoint?: string | undefined;
  /** Default: `us-east-1`, which stores without regions take. */
  readonly region?: string | undefined;
  /** Whether the bucket is in the path rather than in the host's name. Default: if `endpoint` is given. */
  readonly pathStyle?: boolean;
  /** Certificates, as PEM, that are trusted instead of the system's. */
  readonly ca?: string;
  /**
   * Default: where AWS's SDK looks: the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
   * `AWS_SESSION_TOKEN`), its files, the role of the machine.
   */
  readonly credentials?: S3Credentials;
}

/** @throws RangeError for an endpoint that is none. */
export function createS3Client(connection: S3Connection, limits: S3Limits): S3Client {
  const { region = 'us-east-1', endpoint, credentials } = connection;
  return new S3Client({
    region,
    ...(endpoint !== undefined && { endpoint: checkEndpoint(endpoint) }),
    forcePathStyle: connection.pathStyle ?? endpoint !== undefined,
    ...(credentials !== undefined && { credentials: () => Promise.resolve(exposed(credentials)) }),
    // What is repeated, and when, is decided here: the SDK repeats writes whose outcome it does not know.
    maxAttempts: 1,
    // Checksums are sent where the store has them, and frames are checked on reading.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Waiting for "continue" would cost a round trip, and some stores never send it.
    expectContinueHeader: false,
    requestHandler: requestHandler(connection, limits),
  });
}

function requestHandler({ ca }: S3Connection, limits: S3Limits): NodeHttpHandler {
  // Any number of connections: a reader that waits for its turn while readers before it wait for a writer would wait
  // for ever. There are as many as there are reads and writes.
  const pool = { keepAlive: true, maxFreeSockets: 64 };
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(pool),
    httpsAgent: new HttpsAgent({ ...pool, ...(ca !== undefined && { ca }) }),
    connectionTimeout: limits.connect,
    // All other limits are kept here: the SDK's also count the time in which a reader has no use for more.
    socketTimeout: 0,
    requestTimeout: 0,
  });
}

function checkEndpoint(endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new RangeError('The endpoint is a URL that begins with https:// or http://');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new RangeError('The endpoint is a URL without credentials and parameters');
  return endpoint;
}

function exposed({ accessKeyId, secretAccessKey, sessionToken }: S3Credentials): SdkCredentials {
  return {
    accessKeyId,
    secretAccessKey: secretAccessKey.expose((text) => text),
    ...(sessionToken !== undefined && { sessionToken: sessionToken.expose((text) => text) }),
  };
}

type SdkCredentials = Extract<NonNullable<S3ClientConfig['credentials']>, { readonly accessKeyId: string }>;
