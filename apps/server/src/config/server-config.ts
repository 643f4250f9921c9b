import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestMode } from '@coffer/b2-protocol';
import type { SecretString } from '@coffer/bytes';
import type { ConfigFields } from './config-fields.ts';
import { mostWorkers } from './fields.ts';
import type { ListenAddress } from './listen-address.ts';

/** Where the root key comes from. */
export type RootKeySource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'passphrase'; readonly name: string };

export type TlsSource =
  | { readonly kind: 'dev'; readonly directory: string }
  | { readonly kind: 'files'; readonly cert: string; readonly key: string };

/** Where data and keys are. Paths are absolute. */
export interface PlaceConfig {
  readonly data: string;
  readonly keys: string;
  readonly rootKey: RootKeySource;
}

/** A whole and consistent configuration. Paths are absolute. */
export interface ServerConfig extends PlaceConfig {
  /** Keep data and keys in memory only: nothing is read from, or written to, their places. */
  readonly memory: boolean;
  readonly listen: ListenAddress | undefined;
  readonly https: { readonly listen: ListenAddress; readonly tls: TlsSource } | undefined;
  readonly adminListen: ListenAddress | undefined;
  /** An origin. */
  readonly publicUrl: string | undefined;
  /** To each listener of clients. */
  readonly maxConnections: number;
  /** To each listener of clients. */
  readonly maxConnectionsPerAddress: number;
  /** Addresses and ranges of proxies that say who the client is. */
  readonly trustedProxies: readonly string[];
  /** Bytes. */
  readonly minimumPartSize: number;
  /** Bytes. */
  readonly recommendedPartSize: number;
  /** Bytes. */
  readonly inlineThreshold: number;
  /** Seconds between two applications of lifecycle rules; 0: none. */
  readonly lifecycleInterval: number;
  /** Verifications in the background: seconds between two, 0 for none; bytes of blobs read per second at most. */
  readonly scrub: { readonly intervalSeconds: number; readonly bytesPerSecond: number };
  /** Days that blobs which no file names stay in quarantine. */
  readonly quarantineDays: number;
  /** Processes that serve clients; 1: the server's own. */
  readonly workers: number;
  readonly encryptByDefault: boolean;
  readonly allowInsecureCustomerKeys: boolean;
  readonly allowKeylessHead: boolean;
  readonly ignoreUnneededCustomerKey: boolean;
  readonly strictFileNames: boolean;
  readonly grantOnlyOwnCapabilities: boolean;
  readonly customTimestamps: boolean;
  /** Where webhooks may be sent besides public https URLs. */
  readonly webhooks: { readonly allow: readonly string[]; readonly allowHttp: boolean };
  /** How many events may wait for a rule that fails; 0: any number. */
  readonly webhookBacklog: number;
  /** Faults on purpose; undefined: none. */
  readonly testMode: Pick<TestMode, 'latencyMilliseconds' | 'uploadFailureRate'> | undefined;
  readonly logLevel: ConfigFields['logLevel'];
  /** Undefined: whichever suits where the log goes. */
  readonly logFormat: 'pretty' | 'json' | undefined;
  /** The master application key's secret to use, instead of one made on the first start. */
  readonly masterKey: SecretString | undefined;
  /** The master application key's id, which a new store's account gets and an old one's must have. */
  readonly masterKeyId: string | undefined;
}

/** What B2 recommends to its clients. */
const recommendedByB2 = 100_000_000;
const defaultHttpsListen: ListenAddress = { host: '127.0.0.1', port: 8943 };

/** Fills in what depends on other settings. The fields must be consistent. */
export function completeConfig(fields: ConfigFields): ServerConfig {
  const data = resolve(fields.data);
  const keys = resolve(fields.keys ?? `${data}-keys`);
  const tls = tlsSource(fields, data);
  const { minimumPartSize, inlineThreshold, encryptByDefault, allowInsecureCustomerKeys, allowKeylessHead } = fields;
  return {
    data,
    keys,
    rootKey: rootKeySource(fields, keys),
    memory: fields.memory,
    listen: unlessOff(fields.listen),
    https: tls && { listen: fields.httpsListen ?? defaultHttpsListen, tls },
    adminListen: unlessOff(fields.adminListen),
    publicUrl: fields.publicUrl,
    maxConnections: fields.maxConnections,
    maxConnectionsPerAddress: fields.maxConnectionsPerAddress ?? shareOf(fields.maxConnections),
    trustedProxies: fields.trustedProxy,
    minimumPartSize,
    recommendedPartSize: fields.recommendedPartSize ?? Math.max(recommendedByB2, minimumPartSize),
    inlineThreshold,
    encryptByDefault,
    allowInsecureCustomerKeys,
    allowKeylessHead,
    ignoreUnneededCustomerKey: fields.ignoreUnneededCustomerKey,
    strictFileNames: fields.strictFileNames,
    grantOnlyOwnCapabilities: fields.grantOnlyOwnCapabilities,
    lifecycleInterval: fields.lifecycleInterval,
    scrub: { intervalSeconds: fields.scrubInterval, bytesPerSecond: fields.scrubRate },
    quarantineDays: fields.quarantineDays,
    workers: workersOf(fields),
    customTimestamps: fields.customTimestamps,
    webhooks: { allow: fields.webhookAllow, allowHttp: fields.webhookAllowHttp },
    webhookBacklog: fields.webhookBacklog,
    testMode: testModeOf(fields),
    logLevel: fields.logLevel,
    logFormat: fields.logFormat,
    masterKey: fields.masterKey,
    masterKeyId: fields.masterKeyId,
  };
}

/** Room for many clients behind one address, and for others where one takes all that it can. */
function shareOf(maxConnections: number): number {
  return Math.min(maxConnections, Math.max(64, Math.ceil(maxConnections / 4)));
}

function workersOf({ workers }: ConfigFields): number {
  return workers === 'auto' ? Math.min(availableParallelism(), mostWorkers) : workers;
}

function testModeOf({
  testMode,
  testLatencyMs = 0,
  testUploadFailureRate = 0,
}: ConfigFields): ServerConfig['testMode'] {
  if (!testMode) return undefined;
  return { latencyMilliseconds: testLatencyMs, uploadFailureRate: testUploadFailureRate };
}

function tlsSource({ devTls, tlsCert, tlsKey }: ConfigFields, data: string): TlsSource | undefined {
  if (devTls) return { kind: 'dev', directory: `${data}-tls` };
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { kind: 'files', cert: resolve(tlsCert), key: resolve(tlsKey) };
}

function rootKeySource({ rootKeyEnv, passphraseEnv, rootKeyFile }: ConfigFields, keys: string): RootKeySource {
  if (rootKeyEnv !== undefined) return { kind: 'environment', name: rootKeyEnv };
  if (passphraseEnv !== undefined) return { kind: 'passphrase', name: passphraseEnv };
  return { kind: 'file', path: rootKeyFile === undefined ? join(keys, 'root.key') : resolve(rootKeyFile) };
}

function unlessOff(address: ListenAddress | 'off'): ListenAddress | undefined {
  return address === 'off' ? undefined : address;
}
