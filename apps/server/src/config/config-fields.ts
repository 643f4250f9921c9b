import { SecretString } from '@coffer/bytes';
import * as z from 'zod';
import {
  addressList,
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

/** Largest part: B2's documents say 5 GB, its clients allow 5 GiB. */
const largestPart = 5 * 1024 ** 3;
/** A record is read whole with its inline blob, so inline blobs stay small. */
const largestInlineThreshold = 1024 ** 2;

/** More sockets than a process is commonly allowed to open. */
const mostConnections = 1_000_000;

/** Longer, and clients give up before the server answers. */
const longestTestLatencyMs = 600_000;
/** A year. */
const longestScrubInterval = 31_536_000;
const longestQuarantineDays = 3_650;
/** Three weeks: a timer of Node takes 24 days at most. */
const longestLifecycleInterval = 1_814_400;

const off = z.literal('off');
const addressOrOff = z.union([off, listenAddress], { error: 'must be host:port, or off' });

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting of the server by its name in a configuration file, before defaults that depend on other settings. */
export const configFields = z.strictObject({
  data: path.default('./data'),
  keys: path.optional(),
  memory: onOff.default(false),
  listen: addressOrOff.default({ host: '127.0.0.1', port: 8920 }),
  httpsListen: listenAddress.optional(),
  devTls: onOff.default(false),
  tlsCert: path.optional(),
  tlsKey: path.optional(),
  publicUrl: originUrl.optional(),
  adminListen: addressOrOff.default({ host: '127.0.0.1', port: 8921 }),
  maxConnections: wholeNumber(1, mostConnections).default(4_096),
  maxConnectionsPerAddress: wholeNumber(1, mostConnections).optional(),
  trustedProxy: rangeList.default([]),
  minimumPartSize: wholeNumber(1, largestPart).default(5_000_000),
  recommendedPartSize: wholeNumber(1, largestPart).optional(),
  encryptByDefault: onOff.default(false),
  allowInsecureCustomerKeys: onOff.default(false),
  allowKeylessHead: onOff.default(false),
  ignoreUnneededCustomerKey: onOff.default(false),
  strictFileNames: onOff.default(false),
  grantOnlyOwnCapabilities: onOff.default(false),
  inlineThreshold: wholeNumber(0, largestInlineThreshold).default(65_536),
  lifecycleInterval: wholeNumber(0, longestLifecycleInterval).default(86_400),
  scrubInterval: wholeNumber(0, longestScrubInterval).default(0),
  scrubRate: wholeNumber(1, Number.MAX_SAFE_INTEGER).default(10_000_000),
  quarantineDays: wholeNumber(1, longestQuarantineDays).default(7),
  workers: workerCount.default(1),
  customTimestamps: onOff.default(false),
  webhookAllow: addressList.default([]),
  webhookAllowHttp: onOff.default(false),
  webhookBacklog: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(1_000_000),
  testMode: onOff.default(false),
  testLatencyMs: wholeNumber(0, longestTestLatencyMs).optional(),
  testUploadFailureRate: share.optional(),
  rootKeyFile: path.optional(),
  rootKeyEnv: environmentVariable.optional(),
  passphraseEnv: environmentVariable.optional(),
  logLevel: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
  logFormat: z.enum(['pretty', 'json'], { error: 'must be pretty or json' }).optional(),
  masterKey: z
    .custom<SecretString>((value) => value instanceof SecretString, {
      error: 'is a secret: give it in the environment variable COFFER_MASTER_KEY',
    })
    .refine(isMasterKey, { error: masterKeyRule })
    .optional(),
  masterKeyId: z
    .string()
    .regex(/^[0-9a-f]{12}$/, { error: 'must be 12 hexadecimal digits, in small letters' })
    .optional(),
});

/** Settings as they are written: in a configuration file, or by a program that runs the server in its own process. */
export type ConfigInput = z.input<typeof configFields>;
export type ConfigFields = z.output<typeof configFields>;
export type ConfigKey = keyof ConfigFields;
