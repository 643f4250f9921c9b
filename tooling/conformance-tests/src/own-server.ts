import { parseTarget, type Environment, type Profile, type Target } from '@coffer/conformance';
import { startServer, type MemoryServer } from '@coffer/server';

/** Our server in memory, as a target. */
export interface OwnServer {
  readonly target: Target;
  readonly environment: Environment;
  readonly close: () => Promise<void>;
}

/** Small parts, so that large files are quickly made; the cases work in whatever size the target says. */
const minimumPartSize = 70_000;

/** Starts our server as a profile expects it: with or without encryption of all new files. */
export async function startOwnServer(profile: Profile): Promise<OwnServer> {
  const server = await startServer({
    memory: true,
    encryptByDefault: profile === 'b2-2026',
    minimumPartSize,
    recommendedPartSize: minimumPartSize,
    logLevel: 'silent',
  });
  return { ...describeServer(server), close: () => server.close(0) };
}

function describeServer(server: MemoryServer): Omit<OwnServer, 'close'> {
  const url = server.urls.http;
  if (url === undefined) throw new Error('The server has no plain HTTP.');
  const target = parseTarget({
    name: 'our server in memory',
    b2: { url, keyId: server.masterKeyId, key: { env: 'B2_KEY' } },
    s3: {
      url,
      // The server takes localhost for a domain of buckets, whichever address it is reached at.
      bucketDomain: `localhost:${new URL(url).port}`,
      accessKeyId: { env: 'S3_KEY_ID' },
      secretAccessKey: { env: 'S3_KEY' },
      minimumPartSize,
    },
    deviations: [],
  });
  const environment = {
    B2_KEY: server.masterKey.expose((secret) => secret),
    S3_KEY_ID: server.s3Key?.id,
    S3_KEY: server.s3Key?.secret.expose((secret) => secret),
  };
  return { target, environment };
}
