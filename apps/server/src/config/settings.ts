import { SecretString, type SecretString as Secret } from '@coffer/bytes';
import type { B2Options } from '@coffer/b2-protocol';
import type { StorageOptions } from '@coffer/storage-core';
import * as z from 'zod';
import {
  addressList,
  bucketList,
  environmentVariable,
  onOff,
  originUrl,
  path,
  rangeList,
  share,
  wholeNumber,
  workerCount,
} from './fields.ts';
import { listenAddress } from './listen-address.ts';
import { isMasterKey, masterKeyRule } from './master-key.ts';
import * as own from './own-config.ts';

/** Largest part: B2's documents say 5 GB, its clients allow 5 GiB. */
const largestPart = 5 * 1024 ** 3;
/** Inline blobs stay small, since a record is always read together with its inline blob. */
const largestInlineThreshold = 1024 ** 2;
/** More sockets than a process is commonly allowed to open. */
const mostConnections = 1_000_000;
/** With a longer latency, clients give up before the server answers. */
const longestTestLatencyMs = 600_000;
/** A year. */
const longestScrubInterval = 31_536_000;
const longestQuarantineDays = 3_650;
/** Three weeks: a timer of Node takes 24 days at most. */
const longestLifecycleInterval = 1_814_400;

const addressOrOff = z.union([z.literal('off'), listenAddress], { error: 'must be host:port, or off' });
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/**
 * All facts about one setting of the server. Its flag, its environment variable, its name in the configuration file,
 * the help, the table in the README and the server's configuration follow from it.
 */
export interface Setting {
  /** How its value is read, and its default. */
  readonly schema: z.ZodType;
  /** The heading of the help under which it stands. */
  readonly heading: string;
  /** Placeholder of the flag's value; absent for a switch. */
  readonly value?: string;
  /** Whether the flag may be given several times; elsewhere its values are separated by commas. */
  readonly repeatable?: true;
  readonly description: string;
  /** The default in words, if the schema does not contain it. */
  readonly default?: string;
  /** Whether commands that only need data and keys have it too. */
  readonly ofPlace?: true;
  /** A secret comes from the environment only. */
  readonly isSecret?: true;
  /**
   * What is done with its value: either the part of the server that takes it under the same name, or a function of all
   * settings that makes values for one or more parts.
   */
  readonly use: keyof Parts | ((settings: never) => object);
}

/** The parts of the server, with what each of them takes. */
interface Parts {
  /** This package. */
  readonly own: own.OwnConfig;
  readonly protocol: B2Options;
  readonly storage: StorageOptions;
}

const common = 'Common options';
const addresses = 'Addresses and TLS';
const keys = 'Root key and master key';
const clients = 'What clients may do';
const upkeep = 'Storage and its upkeep';
const connections = 'Connections';
const notifications = 'Event notifications';
const tests = 'Tests of clients';

/** In the order of the help. */
const rows = {
  data: {
    schema: path.default('./data'),
    heading: common,
    value: 'DIR',
    description: 'data directory',
    ofPlace: true,
    use: own.place,
  },
  keys: {
    schema: path.optional(),
    heading: common,
    value: 'DIR',
    description: 'directory of keyring.json and root.key, outside the data directory',
    default: '<data>-keys',
    ofPlace: true,
    use: own.place,
  },
  listen: {
    schema: addressOrOff.default({ host: '127.0.0.1', port: 8920 }),
    heading: common,
    value: 'HOST:PORT|off',
    description: 'HTTP listener; port 0 takes a free one',
    use: own.listen,
  },
  devTls: {
    schema: onOff.default(false),
    heading: common,
    description: 'HTTPS with a self-made certificate, kept in <data>-tls',
    use: own.https,
  },
  bucket: {
    schema: bucketList.default([]),
    heading: common,
    value: 'NAME[:SSE-B2]',
    repeatable: true,
    description:
      'make this private bucket if it does not exist; with :SSE-B2 it encrypts by default; may be given again',
    use: 'own',
  },
  memory: {
    schema: onOff.default(false),
    heading: common,
    description: 'keep everything in memory, for tests: no file is read or made, and all is gone when the server ends',
    use: 'own',
  },
  encryptByDefault: {
    schema: onOff.default(false),
    heading: common,
    description:
      'encrypt every new file with SSE-B2 that does not ask for SSE-C, as B2 does since 2026: a bucket cannot be ' +
      'without a default; when off, new files of a bucket without a default are not encrypted',
    use: 'storage',
  },
  workers: {
    schema: workerCount.default(1),
    heading: common,
    value: 'N|auto',
    description:
      'processes that serve clients; auto: as many as there are cores. SIGHUP restarts two or more one by one',
    use: own.workers,
  },
  logLevel: {
    schema: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
    heading: common,
    value: 'LEVEL',
    description: 'trace, debug, info, warn, error, fatal or silent',
    use: 'own',
  },
  logFormat: {
    schema: z.enum(['pretty', 'json'], { error: 'must be pretty or json' }).optional(),
    heading: common,
    value: 'pretty|json',
    description: 'form of the log on stderr',
    default: 'pretty on a terminal, otherwise json',
    use: 'own',
  },

  httpsListen: {
    schema: listenAddress.optional(),
    heading: addresses,
    value: 'HOST:PORT',
    description: 'HTTPS listener',
    default: '127.0.0.1:8943 where TLS is on',
    use: own.https,
  },
  tlsCert: {
    schema: path.optional(),
    heading: addresses,
    value: 'FILE',
    description: 'certificate chain, PEM',
    use: own.https,
  },
  tlsKey: {
    schema: path.optional(),
    heading: addresses,
    value: 'FILE',
    description: 'private key of the certificate, PEM',
    use: own.https,
  },
  publicUrl: {
    schema: originUrl.optional(),
    heading: addresses,
    value: 'URL',
    description: 'origin that clients are told to use, for a server behind a proxy',
    default: "from the request's Host header",
    use: 'own',
  },
  trustedProxy: {
    schema: rangeList.default([]),
    heading: addresses,
    value: 'CIDR',
    repeatable: true,
    description: 'believe Forwarded and X-Forwarded-For headers from this proxy; may be given again',
    use: 'own',
  },
  adminListen: {
    schema: addressOrOff.default({ host: '127.0.0.1', port: 8921 }),
    heading: addresses,
    value: 'HOST:PORT|off',
    description: 'listener of /healthz, /readyz and /metrics',
    use: own.adminListen,
  },

  rootKeyFile: {
    schema: path.optional(),
    heading: keys,
    value: 'PATH',
    description: 'file of the root key',
    default: '<keys>/root.key',
    ofPlace: true,
    use: own.rootKey,
  },
  rootKeyEnv: {
    schema: environmentVariable.optional(),
    heading: keys,
    value: 'NAME',
    description: 'environment variable that holds the root key',
    ofPlace: true,
    use: own.rootKey,
  },
  passphraseEnv: {
    schema: environmentVariable.optional(),
    heading: keys,
    value: 'NAME',
    description: 'environment variable with a passphrase to derive the root key from',
    ofPlace: true,
    use: own.rootKey,
  },
  masterKeyId: {
    schema: z
      .string()
      .regex(/^[0-9a-f]{12}$/, { error: 'must be 12 hexadecimal digits, in small letters' })
      .optional(),
    heading: keys,
    value: 'ID',
    description:
      'id of the master application key and of the account, 12 hexadecimal digits; only the first start can choose it',
    default: 'made on the first start',
    use: 'own',
  },
  masterKey: {
    schema: z
      .custom<Secret>((value) => value instanceof SecretString, {
        error: 'is a secret: give it in the environment variable COFFER_MASTER_KEY',
      })
      .refine(isMasterKey, { error: masterKeyRule })
      .optional(),
    heading: keys,
    description:
      'secret of the master application key: K, 3 digits, 22 to 60 characters; a new one ends the tokens of the old',
    default: 'made on the first start',
    isSecret: true,
    use: 'own',
  },

  allowInsecureCustomerKeys: {
    schema: onOff.default(false),
    heading: clients,
    description: 'accept SSE-C keys over plain HTTP from other machines too',
    use: 'protocol',
  },
  allowKeylessHead: {
    schema: onOff.default(false),
    heading: clients,
    description: 'answer HEAD of an SSE-C file without its key',
    use: 'protocol',
  },
  ignoreUnneededCustomerKey: {
    schema: onOff.default(false),
    heading: clients,
    description: 'ignore an SSE-C key given to read a file that is not SSE-C, instead of refusing',
    use: 'storage',
  },
  strictFileNames: {
    schema: onOff.default(false),
    heading: clients,
    description: 'refuse new file names with //, a slash at an end, a backslash or a segment over 250 bytes',
    use: 'protocol',
  },
  grantOnlyOwnCapabilities: {
    schema: onOff.default(false),
    heading: clients,
    description:
      'let a key make only keys that may do no more than itself: no other capability, bucket or name, nor for longer',
    use: 'protocol',
  },
  customTimestamps: {
    schema: onOff.default(false),
    heading: clients,
    description: 'let uploads set their own upload timestamp',
    use: 'storage',
  },
  minimumPartSize: {
    schema: wholeNumber(1, largestPart).default(5_000_000),
    heading: clients,
    value: 'BYTES',
    description: 'smallest part of a large file, except the last',
    use: 'storage',
  },
  recommendedPartSize: {
    schema: wholeNumber(1, largestPart).optional(),
    heading: clients,
    value: 'BYTES',
    description: 'part size that clients are told to use',
    default: '100000000, or the minimum if that is larger',
    use: own.recommendedPartSize,
  },

  maxConnections: {
    schema: wholeNumber(1, mostConnections).default(4_096),
    heading: connections,
    value: 'NUMBER',
    description: 'connections at once to each of the HTTP and HTTPS listeners; more are closed at once',
    use: 'own',
  },
  maxConnectionsPerAddress: {
    schema: wholeNumber(1, mostConnections).optional(),
    heading: connections,
    value: 'NUMBER',
    description:
      'connections at once of one address (64 bits of IPv6) to each of these listeners; trusted proxies have no limit',
    default: 'a quarter of --max-connections, at least 64',
    use: own.maxConnectionsPerAddress,
  },

  inlineThreshold: {
    schema: wholeNumber(0, largestInlineThreshold).default(65_536),
    heading: upkeep,
    value: 'BYTES',
    description: 'files up to this size are kept in the metadata store',
    use: 'storage',
  },
  lifecycleInterval: {
    schema: wholeNumber(0, longestLifecycleInterval).default(86_400),
    heading: upkeep,
    value: 'SECONDS',
    description: 'time between two applications of lifecycle rules in the background; 0 turns them off',
    use: 'own',
  },
  scrubInterval: {
    schema: wholeNumber(0, longestScrubInterval).default(0),
    heading: upkeep,
    value: 'SECONDS',
    description: 'time between two verifications of all that is stored, in the background; 0 turns them off',
    use: own.scrub,
  },
  scrubRate: {
    schema: wholeNumber(1, Number.MAX_SAFE_INTEGER).default(10_000_000),
    heading: upkeep,
    value: 'BYTES',
    description: 'bytes of blobs read per second, at most, by these verifications',
    use: own.scrub,
  },
  quarantineDays: {
    schema: wholeNumber(1, longestQuarantineDays).default(7),
    heading: upkeep,
    value: 'N',
    description: 'days that blobs which no file names stay in quarantine before they are removed',
    use: own.quarantine,
  },

  webhookAllow: {
    schema: addressList.default([]),
    heading: notifications,
    value: 'CIDR|HOST',
    repeatable: true,
    description: 'allow webhooks to this address outside the public Internet, too; may be given again',
    use: own.webhooks,
  },
  webhookAllowHttp: {
    schema: onOff.default(false),
    heading: notifications,
    description: 'allow http URLs for webhooks of event notifications',
    use: own.webhooks,
  },
  webhookBacklog: {
    schema: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(1_000_000),
    heading: notifications,
    value: 'NUMBER',
    description: 'suspend an event notification rule that fails when more events than this wait for it; 0: no limit',
    use: 'own',
  },

  testMode: {
    schema: onOff.default(false),
    heading: tests,
    description: 'fail on purpose where a request asks for it with X-Bz-Test-Mode, for tests of clients',
    use: own.testMode,
  },
  testLatencyMs: {
    schema: wholeNumber(0, longestTestLatencyMs).optional(),
    heading: tests,
    value: 'MILLISECONDS',
    description: 'in test mode, delay every upload by so much',
    default: '0',
    use: own.testMode,
  },
  testUploadFailureRate: {
    schema: share.optional(),
    heading: tests,
    value: 'SHARE',
    description: 'in test mode, answer that share of all uploads with 503, from 0 to 1',
    default: '0',
    use: own.testMode,
  },
} as const satisfies Readonly<Record<string, Setting>>;

type Rows = typeof rows;
export type ConfigKey = keyof Rows;

/** Values of settings, checked one by one; undefined where there is none. */
type Values = { readonly [Key in ConfigKey]: z.output<Rows[Key]['schema']> };

/** What a setting contributes to the parts of the server. */
type Given<Key extends ConfigKey> = Rows[Key]['use'] extends (settings: never) => infer Made
  ? Made
  : Rows[Key]['use'] extends 'own'
    ? Pick<Values, Key>
    : { readonly [Part in Rows[Key]['use'] & string]: Pick<Values, Key> };

/** What all settings together contribute. */
export type GivenByAll = Together<{ readonly [Key in ConfigKey]: Given<Key> }[ConfigKey]>;
type Together<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/**
 * Values that a setting contributes but no part takes, and settings that contribute nothing. If there are any, the
 * table does not compile.
 */
interface Idle {
  readonly parts: Exclude<keyof GivenByAll, keyof own.OwnConfig | keyof Parts>;
  readonly protocol: Exclude<keyof GivenByAll['protocol'], keyof B2Options>;
  readonly storage: Exclude<keyof GivenByAll['storage'], keyof StorageOptions>;
  readonly settings: { readonly [Key in ConfigKey]: keyof Given<Key> extends never ? Key : never }[ConfigKey];
}

/** Every setting. Does not compile if one of them has no effect. */
export const settings: { readonly [Key in ConfigKey]: Setting } = rows satisfies [Idle[keyof Idle]] extends [never]
  ? unknown
  : Idle;

export const configKeys = Object.keys(rows) as readonly ConfigKey[];

type Schemas = { readonly [Key in ConfigKey]: Rows[Key]['schema'] };

/** All settings by their names in a configuration file, before defaults that depend on other settings. */
export const configFields = z.strictObject(
  Object.fromEntries(configKeys.map((key) => [key, rows[key].schema])) as Schemas,
);

/** Settings as they are written: in a configuration file, or by a program that runs the server in its own process. */
export type ConfigInput = z.input<typeof configFields>;

/** Settings that were checked one by one. */
export type ConfigFields = z.output<typeof configFields>;
