import { isAbsolute, relative, resolve } from 'node:path';
import { bucketInHost } from '../net/request-host.ts';
import { publicHosts, s3DomainsOf } from './s3-config.ts';
import type { ConfigFields, ConfigKey } from './settings.ts';

/** A broken rule between several settings, reported for the setting that the operator most likely has to change. */
export interface Inconsistency {
  readonly key: ConfigKey;
  readonly message: string;
}

/** Checks the rules that involve several settings, and yields those that are broken. */
export function inconsistencies(fields: ConfigFields): readonly Inconsistency[] {
  return [
    ...tlsRules(fields),
    ...consoleRules(fields),
    ...s3Rules(fields),
    ...keyRules(fields),
    ...memoryRules(fields),
    ...partSizeRules(fields),
    ...testModeRules(fields),
  ];
}

function* tlsRules(fields: ConfigFields): Generator<Inconsistency> {
  const hasFiles = fields.tlsCert !== undefined || fields.tlsKey !== undefined;
  if (fields.devTls && hasFiles)
    yield { key: 'devTls', message: 'makes a certificate of its own: leave out --tls-cert and --tls-key' };
  if (fields.tlsCert !== undefined && fields.tlsKey === undefined)
    yield { key: 'tlsCert', message: 'needs --tls-key, the private key of the certificate' };
  if (fields.tlsKey !== undefined && fields.tlsCert === undefined)
    yield { key: 'tlsKey', message: 'needs --tls-cert, the certificate of the key' };
  const secure = fields.devTls || hasFiles;
  if (fields.httpsListen !== undefined && !secure)
    yield { key: 'httpsListen', message: 'needs a certificate: --dev-tls, or --tls-cert and --tls-key' };
  if (fields.listen === 'off' && !secure) yield { key: 'listen', message: 'can be off only where HTTPS is on' };
}

function* consoleRules({ consoleListen, consoleEncryptedDownloads }: ConfigFields): Generator<Inconsistency> {
  if (consoleListen === 'off' && consoleEncryptedDownloads)
    yield { key: 'consoleEncryptedDownloads', message: 'means nothing where the console is off' };
}

function* s3Rules(fields: ConfigFields): Generator<Inconsistency> {
  if (!fields.s3) {
    if (fields.s3Listen !== 'off') yield { key: 's3Listen', message: 'means nothing where S3 is off' };
    if (fields.s3PublicUrl !== undefined) yield { key: 's3PublicUrl', message: 'means nothing where S3 is off' };
    return;
  }
  if (fields.s3KeyId !== undefined && fields.s3Key === undefined)
    yield { key: 's3KeyId', message: 'needs the secret of the key, in COFFER_S3_KEY' };
  if (fields.s3Key !== undefined && fields.s3KeyId === undefined)
    yield { key: 's3Key', message: 'needs the id of the key, in COFFER_S3_KEY_ID' };
  const domains = s3DomainsOf(fields);
  const taken = publicHosts(fields).find(
    (host) => !domains.includes(host) && bucketInHost(host, domains) !== undefined,
  );
  if (taken !== undefined)
    yield { key: 's3Domains', message: `would make the first name of ${taken}, a public URL, a bucket: add it, too` };
}

function* keyRules(fields: ConfigFields): Generator<Inconsistency> {
  const sources = (['rootKeyFile', 'rootKeyEnv', 'passphraseEnv'] as const).filter((key) => fields[key] !== undefined);
  const [first, second] = sources;
  if (first !== undefined && second !== undefined)
    yield { key: second, message: 'names a second source of the root key; there can be only one' };
  const outside = 'must be outside the data directory: a copy of the data must not be a copy of its keys';
  for (const key of ['keys', 'rootKeyFile'] as const) {
    const path = fields[key];
    if (path !== undefined && isWithin(path, fields.data)) yield { key, message: outside };
  }
}

function* memoryRules(fields: ConfigFields): Generator<Inconsistency> {
  if (!fields.memory) return;
  if (fields.workers !== 1) yield { key: 'workers', message: 'must be 1 with --memory: processes share no memory' };
  for (const key of ['keys', 'rootKeyFile', 'rootKeyEnv', 'passphraseEnv'] as const)
    if (fields[key] !== undefined) yield { key, message: 'means nothing with --memory, which uses no keyring' };
}

function* partSizeRules({ recommendedPartSize, minimumPartSize }: ConfigFields): Generator<Inconsistency> {
  if (recommendedPartSize !== undefined && recommendedPartSize < minimumPartSize)
    yield { key: 'recommendedPartSize', message: `must not be less than the minimum part size, ${minimumPartSize}` };
}

function* testModeRules(fields: ConfigFields): Generator<Inconsistency> {
  for (const key of ['testLatencyMs', 'testUploadFailureRate'] as const) {
    if (fields[key] !== undefined && !fields.testMode) yield { key, message: 'needs --test-mode' };
  }
}

function isWithin(path: string, directory: string): boolean {
  const way = relative(resolve(directory), resolve(path));
  return way === '' || (!isAbsolute(way) && way !== '..' && !/^\.\.[/\\]/.test(way));
}
