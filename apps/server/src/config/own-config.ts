import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { B2Options } from '@coffer/b2-protocol';
import type { SecretString } from '@coffer/bytes';
import type { StorageOptions } from '@coffer/storage-core';
import { mostWorkers, type WantedBucket } from './fields.ts';
import type { ListenAddress } from './listen-address.ts';
import type { ChosenS3Key, S3Config } from './s3-config.ts';

/** Where the root key comes from. */
export type RootKeySource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'passphrase'; readonly name: string };

export type TlsSource =
  | { readonly kind: 'dev'; readonly directory: string }
  | { readonly kind: 'files'; readonly cert: string; readonly key: string };

/** How the web console is served. */
export interface ConsoleConfig {
  readonly listen: ListenAddress;
  /** Whether the operator named the address. A console that nobody asked for must not keep the server from starting. */
  readonly isWanted: boolean;
  /** Whether the console hands out encrypted files. */
  readonly encryptedDownloads: boolean;
}

/** Where data and keys are. Paths are absolute. */
export interface PlaceConfig {
  readonly data: string;
  readonly keys: string;
  readonly rootKey: RootKeySource;
}

/** The part of the configuration that this package itself uses; the rest is passed on to other packages. */
export interface OwnConfig extends PlaceConfig {
  /** Keep data and keys in memory only: nothing is read from, or written to, their places. */
  readonly memory: boolean;
  readonly listen: ListenAddress | undefined;
  readonly https: { readonly listen: ListenAddress; readonly tls: TlsSource } | undefined;
  readonly adminListen: ListenAddress | undefined;
  /** The web console; undefined: it is off. */
  readonly console: ConsoleConfig | undefined;
  /** Undefined: the server does not serve the S3 Compatible API. */
  readonly s3: S3Config | undefined;
  /** An application key for S3 that the server makes at its start; undefined: none. */
  readonly s3Key: ChosenS3Key | undefined;
  /** Buckets that a start makes if they do not exist. */
  readonly bucket: readonly WantedBucket[];
  /** The origin that clients are told to use; undefined: taken from each request. */
  readonly publicUrl: string | undefined;
  /** Connections at once to each listener of clients. */
  readonly maxConnections: number;
  /** Connections at once of one address to each listener of clients. */
  readonly maxConnectionsPerAddress: number;
  /** Addresses and ranges of proxies whose headers about the client are believed. */
  readonly trustedProxy: readonly string[];
  /** What seals and opens data; auto: the native engine where it is there, otherwise the TypeScript one. */
  readonly engine: 'auto' | 'native' | 'typescript';
  /** Seconds between two applications of lifecycle rules; 0: they are never applied in the background. */
  readonly lifecycleInterval: number;
  /** Verifications in the background: seconds between two, 0 for none; bytes of blobs read per second at most. */
  readonly scrub: { readonly intervalSeconds: number; readonly bytesPerSecond: number };
  /** Processes that serve clients; 1: the server's own. */
  readonly workers: number;
  /** Where webhooks may be sent besides public https URLs. */
  readonly webhooks: { readonly allow: readonly string[]; readonly allowHttp: boolean };
  /** How many events may wait for a rule that fails; 0: any number. */
  readonly webhookBacklog: number;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** Undefined: `pretty` on a terminal, otherwise `json`. */
  readonly logFormat: 'pretty' | 'json' | undefined;
  /** The master application key's secret to use, instead of one made on the first start. */
  readonly masterKey: SecretString | undefined;
  /**
   * The id of the master application key. The account of a new store gets it; that of an existing store must have it.
   */
  readonly masterKeyId: string | undefined;
}

/** The part size in bytes that B2 recommends to its clients. */
const recommendedByB2 = 100_000_000;
const defaultHttpsListen: ListenAddress = { host: '127.0.0.1', port: 8943 };
const defaultConsoleListen: ListenAddress = { host: '127.0.0.1', port: 8922 };
const dayMilliseconds = 86_400_000;

// The functions below make values from settings that are not passed on as they are. Each takes the settings that it
// needs, which must be consistent.

interface PlaceSettings {
  readonly data: string;
  readonly keys?: string | undefined;
}

export function place(settings: PlaceSettings): Pick<OwnConfig, 'data' | 'keys'> {
  const data = resolve(settings.data);
  return { data, keys: resolve(settings.keys ?? `${data}-keys`) };
}

export function rootKey(
  settings: PlaceSettings & {
    readonly rootKeyFile?: string | undefined;
    readonly rootKeyEnv?: string | undefined;
    readonly passphraseEnv?: string | undefined;
  },
): Pick<OwnConfig, 'rootKey'> {
  const { rootKeyEnv, passphraseEnv, rootKeyFile } = settings;
  if (rootKeyEnv !== undefined) return { rootKey: { kind: 'environment', name: rootKeyEnv } };
  if (passphraseEnv !== undefined) return { rootKey: { kind: 'passphrase', name: passphraseEnv } };
  const path = rootKeyFile === undefined ? join(place(settings).keys, 'root.key') : resolve(rootKeyFile);
  return { rootKey: { kind: 'file', path } };
}

export function listen(settings: { readonly listen: ListenAddress | 'off' }): Pick<OwnConfig, 'listen'> {
  return { listen: unlessOff(settings.listen) };
}

export function adminListen(settings: { readonly adminListen: ListenAddress | 'off' }): Pick<OwnConfig, 'adminListen'> {
  return { adminListen: unlessOff(settings.adminListen) };
}

export function console(settings: {
  readonly consoleListen?: ListenAddress | 'off' | undefined;
  readonly consoleEncryptedDownloads: boolean;
}): Pick<OwnConfig, 'console'> {
  const { consoleListen: chosen, consoleEncryptedDownloads: encryptedDownloads } = settings;
  if (chosen === 'off') return { console: undefined };
  return { console: { listen: chosen ?? defaultConsoleListen, isWanted: chosen !== undefined, encryptedDownloads } };
}

function unlessOff(address: ListenAddress | 'off'): ListenAddress | undefined {
  return address === 'off' ? undefined : address;
}

interface TlsSettings extends PlaceSettings {
  readonly httpsListen?: ListenAddress | undefined;
  readonly devTls: boolean;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
}

export function https(settings: TlsSettings): Pick<OwnConfig, 'https'> {
  const tls = tlsSource(settings);
  return { https: tls && { listen: settings.httpsListen ?? defaultHttpsListen, tls } };
}

function tlsSource({ devTls, tlsCert, tlsKey, data }: TlsSettings): TlsSource | undefined {
  if (devTls) return { kind: 'dev', directory: `${resolve(data)}-tls` };
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { kind: 'files', cert: resolve(tlsCert), key: resolve(tlsKey) };
}

/**
 * The limit for one address: room for many clients behind it, and for other addresses when one takes all that it may.
 */
export function maxConnectionsPerAddress(settings: {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress?: number | undefined;
}): Pick<OwnConfig, 'maxConnectionsPerAddress'> {
  const { maxConnections: all, maxConnectionsPerAddress: one } = settings;
  return { maxConnectionsPerAddress: one ?? Math.min(all, Math.max(64, Math.ceil(all / 4))) };
}

export function recommendedPartSize(settings: {
  readonly minimumPartSize: number;
  readonly recommendedPartSize?: number | undefined;
}): { readonly protocol: Pick<B2Options, 'recommendedPartSize'> } {
  const { minimumPartSize, recommendedPartSize: wanted } = settings;
  return { protocol: { recommendedPartSize: wanted ?? Math.max(recommendedByB2, minimumPartSize) } };
}

export function scrub(settings: {
  readonly scrubInterval: number;
  readonly scrubRate: number;
}): Pick<OwnConfig, 'scrub'> {
  return { scrub: { intervalSeconds: settings.scrubInterval, bytesPerSecond: settings.scrubRate } };
}

export function quarantine(settings: { readonly quarantineDays: number }): {
  readonly storage: Pick<StorageOptions, 'quarantineMilliseconds'>;
} {
  return { storage: { quarantineMilliseconds: settings.quarantineDays * dayMilliseconds } };
}

export function workers(settings: { readonly workers: number | 'auto' }): Pick<OwnConfig, 'workers'> {
  return { workers: settings.workers === 'auto' ? Math.min(availableParallelism(), mostWorkers) : settings.workers };
}

export function webhooks(settings: {
  readonly webhookAllow: readonly string[];
  readonly webhookAllowHttp: boolean;
}): Pick<OwnConfig, 'webhooks'> & { readonly protocol: Pick<B2Options, 'allowHttpWebhooks'> } {
  const { webhookAllow: allow, webhookAllowHttp: allowHttp } = settings;
  return { webhooks: { allow, allowHttp }, protocol: { allowHttpWebhooks: allowHttp } };
}

export function testMode(settings: {
  readonly testMode: boolean;
  readonly testLatencyMs?: number | undefined;
  readonly testUploadFailureRate?: number | undefined;
}): { readonly protocol: Pick<B2Options, 'testMode'> } {
  const { testLatencyMs = 0, testUploadFailureRate = 0 } = settings;
  if (!settings.testMode) return { protocol: {} };
  return { protocol: { testMode: { latencyMilliseconds: testLatencyMs, uploadFailureRate: testUploadFailureRate } } };
}
