import { parseTarget, type Environment, type Profile, type Target } from '@coffer/conformance';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const register = path('../../config/run-source/register.mjs');
const main = path('../../../apps/server/src/main.ts');

/** Small parts, so that large files are quickly made. */
const minimumPartSize = 70_001;

/** Our server in a process of its own, run from source, as a target of both tiers. It is not started. */
export async function ownProcess(
  profile: Profile,
  dataDirectory: string,
): Promise<{ readonly target: Target; readonly environment: Environment }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const target = parseTarget({
    name: 'our server in a process of its own',
    b2: { url, keyId: { env: 'COFFER_MASTER_KEY_ID' }, key: { env: 'COFFER_MASTER_KEY' } },
    s3: {
      url,
      // The server takes localhost for a domain of buckets, whichever address it is reached at.
      bucketDomain: `localhost:${port}`,
      accessKeyId: { env: 'COFFER_S3_KEY_ID' },
      secretAccessKey: { env: 'COFFER_S3_KEY' },
      minimumPartSize,
    },
    atRest: {
      dataDirectory,
      command: [
        ...[process.execPath, '--conditions=@coffer/source', `--import=${register}`, main, 'serve'],
        ...[
          '--data',
          '{data}',
          '--keys',
          '{data}-keys',
          '--listen',
          `127.0.0.1:${port}`,
          '--admin-listen',
          'off',
          '--console-listen',
          'off',
        ],
        ...['--log-level', 'warn', '--minimum-part-size', String(minimumPartSize)],
        ...(profile === 'b2-2026' ? ['--encrypt-by-default'] : []),
      ],
      readyMs: 60_000,
    },
  });
  return { target, environment: { ...process.env, ...newKeys() } };
}

function newKeys(): Environment {
  return {
    COFFER_MASTER_KEY_ID: randomBytes(6).toString('hex'),
    COFFER_MASTER_KEY: `K001${randomBytes(21).toString('base64')}`,
    COFFER_S3_KEY_ID: randomBytes(10).toString('hex'),
    COFFER_S3_KEY: randomBytes(30).toString('base64'),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('A listening server has no address.');
  return address.port;
}
