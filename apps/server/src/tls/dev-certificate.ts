import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../startup-error.ts';

/** What a TLS listener needs, in PEM. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
}

/** The longest that Apple's clients accept of a server certificate. */
const validDays = 825;
/** A certificate that ends within so many days is made anew at the start. */
const renewBeforeDays = 30;
const dayMs = 24 * 60 * 60 * 1000;

export const certificatePath = (directory: string): string => join(directory, 'cert.pem');
const keyPath = (directory: string): string => join(directory, 'key.pem');

/**
 * The self-made certificate for `localhost`, 127.0.0.1 and ::1 kept in `directory` (mode 0700, key 0600); it is made if
 * there is none, or if the present one ends within 30 days. Clients can be told to trust the file.
 */
export async function devCertificate(directory: string, now: number): Promise<TlsMaterial> {
  const kept = await readKept(directory);
  if (kept !== undefined && endOf(kept.cert) - now > renewBeforeDays * dayMs) return kept;
  const made = await makeCertificate(now);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // The key is written first. After an interruption, a key without a certificate is made anew, as is a certificate
  // without its key.
  await writeFile(keyPath(directory), made.key, { mode: 0o600 });
  await writeFile(certificatePath(directory), made.cert, { mode: 0o644 });
  return made;
}

/** When a certificate ends, in milliseconds since the epoch. */
export function endOf(certificate: string): number {
  return Date.parse(new X509Certificate(certificate).validTo);
}

async function readKept(directory: string): Promise<TlsMaterial | undefined> {
  try {
    const [cert, key] = await Promise.all([
      readFile(certificatePath(directory), 'utf8'),
      readFile(keyPath(directory), 'utf8'),
    ]);
    return { cert, key };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeCertificate(now: number): Promise<TlsMaterial> {
  // Imported only here, so that most servers, which never make a certificate, do not load the package.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - dayMs),
    notAfterDate: new Date(now + (validDays - 1) * dayMs),
    extensions: [
      // The certificate is no authority: whoever trusts it trusts only this server, not other certificates that its key
      // might sign.
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
