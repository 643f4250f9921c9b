import { readFile } from 'node:fs/promises';
import type { TlsSource } from '../config/server-config.ts';
import { StartupError, systemReason } from '../startup-error.ts';
import { certificatePath, devCertificate, type TlsMaterial } from './dev-certificate.ts';

/** Loads certificate and key from the place that the configuration names. @throws StartupError `network`. */
export async function loadTls(source: TlsSource, now: number): Promise<TlsMaterial> {
  if (source.kind === 'files') {
    return { cert: await readPem(source.cert, 'certificate'), key: await readPem(source.key, 'private key') };
  }
  try {
    return await devCertificate(source.directory, now);
  } catch (cause) {
    throw new StartupError(
      'network',
      `The self-made certificate in ${source.directory} cannot be used: ${systemReason(cause)}. Remove the ` +
        'directory to have a new one made.',
      { cause },
    );
  }
}

/** The file with the certificate that a client has to trust; undefined if clients trust it anyway. */
export function trustFile(source: TlsSource): string | undefined {
  return source.kind === 'dev' ? certificatePath(source.directory) : undefined;
}

async function readPem(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new StartupError('network', `The ${what} ${path} cannot be read: ${systemReason(cause)}.`, { cause });
  }
}
