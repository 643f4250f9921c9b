import { execFileSync } from 'node:child_process';
import { chownSync, chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migratePostgres, openPostgresStore } from '@coffer/store-postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

let server: PostgresServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'coffer-tls-'));
  server = await startPostgres();
  for (const name of ['right', 'wrong'])
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
        ...['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)],
      ],
      { stdio: 'ignore' },
    );
  const { uid, gid } = statSync(server.directory);
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'right.key'), 0o600);
  chownSync(join(folder, 'right.key'), uid, gid);
  await server.configure({
    ssl: 'on',
    ssl_cert_file: `'${join(folder, 'right.crt')}'`,
    ssl_key_file: `'${join(folder, 'right.key')}'`,
  });
});

afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
});

const url = (host: string, certificate: string) =>
  `postgres://postgres:postgres@${host}:${server.port}/postgres?sslmode=verify-full&sslrootcert=${join(folder, certificate)}`;

it('works over TLS with the right root certificate and name', async () => {
  // A reload is not waited for by the server.
  await expect.poll(() => migratePostgres({ url: url('localhost', 'right.crt') }).then(() => 'done')).toBe('done');
  const store = await openPostgresStore({ url: url('localhost', 'right.crt') });
  expect((await store.probe()).is).toBe('ready');
  await store.close();
});

it.each([
  ['another root certificate', 'localhost', 'wrong.crt'],
  ['another name', '127.0.0.1', 'right.crt'],
])('refuses %s', async (_, host, certificate) => {
  await expect(openPostgresStore({ url: url(host, certificate), operationLimit: 1_000 })).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(/certificate|altnames/) as string,
  });
});

it('refuses a server without TLS, instead of going on without', async () => {
  await server.configure({ ssl: 'off' });
  const opening = () => openPostgresStore({ url: url('localhost', 'right.crt'), operationLimit: 500 });
  await expect.poll(() => opening().then(String, String)).toContain('does not support SSL');
});
