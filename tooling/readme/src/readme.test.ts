import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { startServer, type MemoryServer } from '@coffer/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Packages whose README shows no TypeScript, with the reason. */
const exempt: Readonly<Record<string, string>> = {
  '@coffer/server': 'an application: its README shows commands, which the interop suite runs',
  '@coffer/web-console': 'pages in a browser: its README shows a shell, and its tests are in tooling/console-tests',
  '@coffer/conformance-cli': 'a command: its README shows a shell, and its tests run every form of it',
};

const root = fileURLToPath(new URL('../../..', import.meta.url));
const expected = Object.keys(readFloors());
const packages = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, group, entry.name)),
);
const names = packages.map(nameOf);

let server: MemoryServer;

// Examples of clients take the server, and the key, from the environment.
beforeAll(async () => {
  server = await startServer({ memory: true });
  process.env['B2_URL'] = server.urls.http;
  process.env['B2_APPLICATION_KEY_ID'] = server.masterKeyId;
  process.env['B2_APPLICATION_KEY'] = server.masterKey.expose((key) => key);
  process.env['S3_ENDPOINT'] = server.urls.http;
  process.env['S3_BUCKET'] = 'examples';
  process.env['AWS_ACCESS_KEY_ID'] = server.s3Key?.id;
  process.env['AWS_SECRET_ACCESS_KEY'] = server.s3Key?.secret.expose((key) => key);
  await makeBucket('examples');
});

afterAll(() => server.close());

it('found every package that floors.json lists', () => {
  expect(expected.length).toBeGreaterThan(0);
  expect([...names].sort()).toEqual([...expected].sort());
});

it('exempts only packages that exist', () => {
  expect(names).toEqual(expect.arrayContaining(Object.keys(exempt)));
});

describe.each(packages.map((directory) => [nameOf(directory), directory] as const))('%s', (name, directory) => {
  it('has a README', () => {
    expect(read(directory, 'README.md')).toContain(`# ${name}\n`);
  });

  if (name in exempt) return;

  it('shows its example in the README, to the letter', () => {
    expect(firstBlock(read(directory, 'README.md'))).toBe(read(directory, 'examples/quickstart.ts'));
  });

  it('shows all of its examples, to the letter, and no other code', () => {
    const shown = [...read(directory, 'README.md').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block);
    expect(shown.sort()).toEqual(
      examplesOf(directory)
        .map((file) => read(directory, `examples/${file}`))
        .sort(),
    );
  });

  it('names for the installation what the example imports, what users bring along, and nothing else', () => {
    const readme = read(directory, 'README.md');
    const [, line = ''] = /^npm install (.*)$/m.exec(readme) ?? [];
    const installed = line.split(' ').filter((word) => !word.startsWith('--'));
    const peers = Object.keys(manifestOf(directory).peerDependencies ?? {});
    expect(installed.sort()).toEqual([...new Set([name, ...importsOf(firstBlock(readme) ?? ''), ...peers])].sort());
  });

  it.each(examplesOf(directory))('has an example that runs: %s', async (file) => {
    await import(/* @vite-ignore */ pathToFileURL(join(directory, 'examples', file)).href);
  });
});

it.each(['README.md', 'apps/server/README.md'])(
  '%s shows the example of a server in memory, to the letter',
  (readme) => {
    expect(read(root, readme)).toContain(
      `\`\`\`ts\n${read(root, 'tooling/readme/src/server-in-memory.test.ts')}\`\`\`\n`,
    );
  },
);

/** Makes a bucket on the server, by the B2 Native API. */
async function makeBucket(bucketName: string): Promise<void> {
  const basic = btoa(`${server.masterKeyId}:${server.masterKey.expose((key) => key)}`);
  const api = `${server.urls.http}/b2api/v4`;
  const account = await fetch(`${api}/b2_authorize_account`, { headers: { Authorization: `Basic ${basic}` } });
  const { accountId, authorizationToken } = (await account.json()) as Readonly<Record<string, string>>;
  const made = await fetch(`${api}/b2_create_bucket`, {
    method: 'POST',
    headers: { Authorization: String(authorizationToken) },
    body: JSON.stringify({ accountId, bucketName, bucketType: 'allPrivate' }),
  });
  expect(made.status).toBe(200);
}

function examplesOf(directory: string): string[] {
  return readdirSync(join(directory, 'examples')).filter((file) => file.endsWith('.ts'));
}

function firstBlock(markdown: string): string | undefined {
  return /^```ts\n(.*?)^```$/ms.exec(markdown)?.[1];
}

/** The packages that TypeScript code imports. */
function importsOf(code: string): string[] {
  const specifiers = [...code.matchAll(/from '([^'.][^']*)'/g)].map(([, specifier = '']) => specifier);
  return specifiers
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) => (/^(@[^/]+\/)?[^/]+/.exec(specifier) ?? [specifier])[0]);
}

interface Manifest {
  readonly name: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function nameOf(directory: string): string {
  return manifestOf(directory).name;
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(read(directory, 'package.json')) as Manifest;
}

function readFloors(): Record<string, number> {
  return (JSON.parse(read(root, 'tooling/checks/floors.json')) as { packages: Record<string, number> }).packages;
}

function read(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}
