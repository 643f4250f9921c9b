import type { ConfigKey } from './config-fields.ts';

/** A setting as a flag of `coffer serve`. Its name in the environment and in a file follow from the key. */
export interface ConfigOption {
  readonly key: ConfigKey;
  /** Placeholder of the flag's value; absent for a switch. */
  readonly value?: string;
  /** Whether the flag may be given several times; elsewhere its values are separated by commas. */
  readonly repeatable?: true;
  readonly description: string;
  /** In words, for help and documents. */
  readonly default: string;
  /** Which other commands need it. */
  readonly group: 'place' | 'server';
}

type FlagKey = Exclude<ConfigKey, 'masterKey'>;
type Row = Omit<ConfigOption, 'key'>;

/** Total: a setting without a row does not compile. */
const rows: Readonly<Record<FlagKey, Row>> = {
  data: { value: 'DIR', description: 'data directory', default: './data', group: 'place' },
  keys: {
    value: 'DIR',
    description: 'directory of keyring.json and root.key, outside the data directory',
    default: '<data>-keys',
    group: 'place',
  },
  memory: {
    description: 'keep everything in memory, for tests: no file is read or made, and all is gone when the server ends',
    default: 'off',
    group: 'server',
  },
  listen: {
    value: 'HOST:PORT|off',
    description: 'HTTP listener; port 0 takes a free one',
    default: '127.0.0.1:8920',
    group: 'server',
  },
  httpsListen: {
    value: 'HOST:PORT',
    description: 'HTTPS listener',
    default: '127.0.0.1:8943 where TLS is on',
    group: 'server',
  },
  devTls: { description: 'HTTPS with a self-made certificate, kept in <data>-tls', default: 'off', group: 'server' },
  tlsCert: { value: 'FILE', description: 'certificate chain, PEM', default: 'none', group: 'server' },
  tlsKey: { value: 'FILE', description: 'private key of the certificate, PEM', default: 'none', group: 'server' },
  publicUrl: {
    value: 'URL',
    description: 'origin that clients are told to use, for a server behind a proxy',
    default: "from the request's Host header",
    group: 'server',
  },
  adminListen: {
    value: 'HOST:PORT|off',
    description: 'listener of /healthz, /readyz and /metrics',
    default: '127.0.0.1:8921',
    group: 'server',
  },
  maxConnections: {
    value: 'NUMBER',
    description: 'connections at once to each of the HTTP and HTTPS listeners; more are closed at once',
    default: '4096',
    group: 'server',
  },
  maxConnectionsPerAddress: {
    value: 'NUMBER',
    description:
      'connections at once of one address (64 bits of IPv6) to each of these listeners; those of trusted proxies do not count',
    default: 'a quarter of --max-connections, at least 64',
    group: 'server',
  },
  trustedProxy: {
    value: 'CIDR',
    repeatable: true,
    description: 'take the client from Forwarded or X-Forwarded-For where the peer is such a proxy; may be given again',
    default: 'none',
    group: 'server',
  },
  minimumPartSize: {
    value: 'BYTES',
    description: 'smallest part of a large file, except the last',
    default: '5000000',
    group: 'server',
  },
  recommendedPartSize: {
    value: 'BYTES',
    description: 'part size that clients are told to use',
    default: '100000000, or the minimum if that is larger',
    group: 'server',
  },
  encryptByDefault: {
    description: 'encrypt every new file with SSE-B2 that does not ask for SSE-C',
    default: 'off',
    group: 'server',
  },
  allowInsecureCustomerKeys: {
    description: 'accept SSE-C keys over plain HTTP from other machines too',
    default: 'off',
    group: 'server',
  },
  allowKeylessHead: { description: 'answer HEAD of an SSE-C file without its key', default: 'off', group: 'server' },
  ignoreUnneededCustomerKey: {
    description: 'ignore an SSE-C key given to read a file that is not SSE-C, instead of refusing',
    default: 'off',
    group: 'server',
  },
  strictFileNames: {
    description: 'refuse new file names with //, a slash at an end, a backslash or a segment over 250 bytes',
    default: 'off',
    group: 'server',
  },
  grantOnlyOwnCapabilities: {
    description:
      'let a key make no keys that may do what it may not itself: other capabilities, other buckets, names outside of its prefix, or for a longer time',
    default: 'off',
    group: 'server',
  },
  inlineThreshold: {
    value: 'BYTES',
    description: 'files up to this size are kept in the metadata store',
    default: '65536',
    group: 'server',
  },
  lifecycleInterval: {
    value: 'SECONDS',
    description: 'time between two applications of lifecycle rules in the background; 0 turns them off',
    default: '86400',
    group: 'server',
  },
  scrubInterval: {
    value: 'SECONDS',
    description: 'time between two verifications of all that is stored, in the background; 0 turns them off',
    default: '0',
    group: 'server',
  },
  scrubRate: {
    value: 'BYTES',
    description: 'bytes of blobs read per second, at most, by these verifications',
    default: '10000000',
    group: 'server',
  },
  quarantineDays: {
    value: 'N',
    description: 'days that blobs which no file names stay in quarantine before they are removed',
    default: '7',
    group: 'server',
  },
  workers: {
    value: 'N|auto',
    description:
      'processes that serve clients; auto: as many as there are cores. SIGHUP restarts two or more one by one',
    default: '1',
    group: 'server',
  },
  customTimestamps: { description: 'let uploads set their own upload timestamp', default: 'off', group: 'server' },
  webhookAllow: {
    value: 'CIDR|HOST',
    repeatable: true,
    description: 'send webhooks of event notifications there too, not to the public Internet only; may be given again',
    default: 'none',
    group: 'server',
  },
  webhookAllowHttp: {
    description: 'allow http URLs for webhooks of event notifications',
    default: 'off',
    group: 'server',
  },
  webhookBacklog: {
    value: 'NUMBER',
    description: 'suspend an event notification rule that fails when more events than this wait for it; 0: no limit',
    default: '1000000',
    group: 'server',
  },
  testMode: {
    description: 'fail on purpose where a request asks for it with X-Bz-Test-Mode, for tests of clients',
    default: 'off',
    group: 'server',
  },
  testLatencyMs: {
    value: 'MILLISECONDS',
    description: 'in test mode, let every upload wait so long',
    default: '0',
    group: 'server',
  },
  testUploadFailureRate: {
    value: 'SHARE',
    description: 'in test mode, answer that share of all uploads with 503, from 0 to 1',
    default: '0',
    group: 'server',
  },
  rootKeyFile: { value: 'PATH', description: 'file of the root key', default: '<keys>/root.key', group: 'place' },
  rootKeyEnv: {
    value: 'NAME',
    description: 'environment variable that holds the root key',
    default: 'none',
    group: 'place',
  },
  passphraseEnv: {
    value: 'NAME',
    description: 'environment variable with a passphrase to derive the root key from',
    default: 'none',
    group: 'place',
  },
  masterKeyId: {
    value: 'ID',
    description:
      'id of the master application key and of the account, 12 hexadecimal digits; the first start alone can choose it',
    default: 'made on the first start',
    group: 'server',
  },
  logLevel: {
    value: 'LEVEL',
    description: 'trace, debug, info, warn, error, fatal or silent',
    default: 'info',
    group: 'server',
  },
  logFormat: {
    value: 'pretty|json',
    description: 'form of the log on stderr',
    default: 'pretty on a terminal, otherwise json',
    group: 'server',
  },
};

/** Every setting that can be a flag, in the order of the help. */
export const configOptions: readonly ConfigOption[] = Object.entries(rows).map(([key, row]) => ({
  key: key as FlagKey,
  ...row,
}));

/** `httpsListen` → `--https-listen`. */
export const flagName = (key: ConfigKey): string => `--${words(key).join('-')}`;

/** `httpsListen` → `COFFER_HTTPS_LISTEN`. */
export const environmentName = (key: ConfigKey): string => `COFFER_${words(key).join('_').toUpperCase()}`;

function words(key: string): readonly string[] {
  return key.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}
