import { readFileSync } from 'node:fs';
import { SecretString } from '@coffer/bytes';

/** Where a database is, and as whom to log in. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: SecretString | undefined;
  /** `off`, or the root certificates in PEM; undefined: those of Node. The server's name is verified. */
  readonly tls: 'off' | { readonly rootCertificates: string | undefined };
  /** What messages call the database: never with the password. */
  readonly label: string;
}

/** The address or an option is not usable; the message names the part, and never shows a password. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
  readonly code = 'bad_address';
}

const defaultPort = 5432;
const known = new Set(['sslmode', 'sslrootcert', 'host']);

/**
 * Parses `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, percent-encoded where needed, with these parameters:
 *
 * - `sslmode`: `verify-full` (the default for any host but this machine) or `disable`;
 * - `sslrootcert`: a file of root certificates, in PEM;
 * - `host`: the folder of a Unix socket, instead of a host.
 *
 * @throws AddressError which names the part that is wrong.
 */
export function parseAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol))
    throw new AddressError(
      'The address of the database is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    );
  for (const name of url.searchParams.keys())
    if (!known.has(name)) throw new AddressError(`The address of the database has an unknown parameter: ${name}`);
  const host = hostOf(url);
  const port = url.port === '' ? defaultPort : Number(url.port);
  const user = part(url.username, 'user');
  const database = part(url.pathname.slice(1), 'database');
  if (user === '') throw new AddressError('The address of the database names no user');
  if (database === '') throw new AddressError('The address of the database names no database');
  const password = part(url.password, 'password');
  return {
    ...{ host, port, user, database },
    password: password === '' ? undefined : SecretString.of(password),
    tls: tlsOf(url, host),
    label: `${user}@${host}:${port}/${database}`,
  };
}

function hostOf(url: URL): string {
  const folder = url.searchParams.get('host');
  if (folder !== null && !folder.startsWith('/'))
    throw new AddressError("The parameter host of the database's address is the folder of a Unix socket");
  const host = folder ?? url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw new AddressError('The address of the database names no host');
  return part(host, 'host');
}

function part(text: string, name: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Without a cause, since it might show the text.
    throw new AddressError(`The ${name} in the database's address is not percent-encoded`);
  }
}

function tlsOf(url: URL, host: string): Address['tls'] {
  const local = host.startsWith('/') || ['localhost', '127.0.0.1', '::1'].includes(host);
  const file = url.searchParams.get('sslrootcert');
  const mode = url.searchParams.get('sslmode') ?? (local && file === null ? 'disable' : 'verify-full');
  if (mode === 'disable') return 'off';
  // The other modes of PostgreSQL's own programs encrypt without knowing with whom.
  if (mode !== 'verify-full')
    throw new AddressError('The parameter sslmode of the database\'s address is "verify-full" or "disable"');
  return { rootCertificates: file === null ? undefined : readCertificates(file) };
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AddressError(`The root certificates in ${file} cannot be read`, { cause });
  }
}
