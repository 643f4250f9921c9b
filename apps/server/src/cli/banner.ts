import type { ChunkEngine } from '@coffer/envelope-crypto';
import type { ServerConfig } from '../config/server-config.ts';
import { environmentName } from '../config/setting-names.ts';
import type { RunningServer } from '../server/running-server.ts';
import { clientLines, shellWord, type ClientLines } from './client-lines.ts';
import { s3Lines, type S3Lines } from './s3-lines.ts';

/** The variable from which a server in memory got its key; no command can show that key. */
const keyVariable = environmentName('masterKey');

export interface BannerFacts {
  readonly version: string;
  readonly server: Pick<RunningServer, 'urls' | 'masterKeyId' | 'masterKey' | 's3Key' | 'certificateFile'>;
  readonly config: Pick<
    ServerConfig,
    'data' | 'keys' | 'rootKey' | 'publicUrl' | 'bucket' | 'memory' | 's3' | 's3Key'
  > & {
    readonly storage: Pick<ServerConfig['storage'], 'encryptByDefault'>;
  };
  /** The master key's secret, where it may be shown. */
  readonly secret: string | undefined;
  /** The secret of the key for S3 of a store in memory, where it may be shown. */
  readonly s3Secret?: string | undefined;
  /** What encrypts and decrypts. */
  readonly engine: ChunkEngine['name'];
  /** How to call this program: `coffer`, or node and a path. */
  readonly command: string;
}

/**
 * What a started server prints on stdout for its operator. The lines of the last part are made to be pasted into a
 * shell, and work as they are.
 */
export function banner(facts: BannerFacts): string {
  const { version } = facts;
  const lines = [
    `Coffer ${version} is ready.`,
    '',
    ...factLines(facts),
    '',
    ...clientLines(clientFacts(facts)),
    ...linesForS3(facts),
  ];
  return `${lines.join('\n')}\n`;
}

function factLines(facts: BannerFacts): readonly string[] {
  const { config, secret, server } = facts;
  const { memory } = config;
  const { urls } = server;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Console', urls.console && `${urls.console}  (open it in a browser, and sign in with the key id and the key)`],
    ['Public URL', config.publicUrl],
    ['HTTP', urls.http],
    ['HTTPS', urls.https],
    ['S3', urls.s3],
    ['Certificate', urls.https && server.certificateFile],
    ['Admin', urls.admin && `${urls.admin}  (/healthz, /readyz, /metrics)`],
    ['Data', memory ? 'in memory: all of it is gone when the server ends' : config.data],
    [
      'Keys',
      memory ? undefined : `${config.keys}  (back this up apart from the data: without it, encrypted files are lost)`,
    ],
    ['Encryption', encryptionLine(config)],
    ['Engine', engineLine(facts.engine)],
    ['Key id', server.masterKeyId],
    ['Key', secret ?? (memory ? `the one in ${keyVariable}` : `shown by: ${showCommand(facts)}`)],
  ];
  const shown = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(12)}${value}`]));
  return secret === undefined || memory
    ? shown
    : [...shown, `              shown this once; later by: ${showCommand(facts)}`];
}

/** How files are encrypted in a bucket without a default of its own. */
function encryptionLine({ storage }: BannerFacts['config']): string {
  return storage.encryptByDefault
    ? 'every new file is SSE-B2 unless it asks for SSE-C, in every bucket (--encrypt-by-default is on)'
    : 'new files in a bucket without a default are not encrypted unless they ask for it (--encrypt-by-default is off)';
}

function engineLine(engine: BannerFacts['engine']): string {
  return engine === 'native'
    ? 'native code encrypts and decrypts'
    : 'TypeScript encrypts and decrypts (no native code)';
}

function clientFacts(facts: BannerFacts): ClientLines {
  const { config, server } = facts;
  const endpoint = config.publicUrl ?? server.urls.http ?? server.urls.https ?? '';
  return {
    endpoint,
    keyId: server.masterKeyId,
    key: clientKey(facts),
    certificateFile: endpoint === server.urls.https ? server.certificateFile : undefined,
    bucket: config.bucket[0]?.name,
    // Only the first start knows the key.
    isFirstStart: server.masterKey !== undefined,
  };
}

/** None where S3 is off, or where nobody can learn a key for it. */
function linesForS3(facts: BannerFacts): readonly string[] {
  const { config, server } = facts;
  const key = s3ClientKey(facts);
  if (config.s3 === undefined || key === undefined) return [];
  const apart = config.s3.publicUrl ?? server.urls.s3;
  const endpoint = apart ?? config.publicUrl ?? server.urls.http ?? server.urls.https ?? '';
  const isOwnTls = endpoint === server.urls.https || (endpoint === server.urls.s3 && endpoint.startsWith('https:'));
  const lines = s3Lines({
    endpoint,
    region: config.s3.protocol.regions[0],
    key,
    certificateFile: isOwnTls ? server.certificateFile : undefined,
    bucket: config.bucket[0]?.name,
    isFirstStart: server.masterKey !== undefined,
  });
  return ['', ...lines];
}

function s3ClientKey(facts: BannerFacts): S3Lines['key'] | undefined {
  const { config, server, s3Secret } = facts;
  if (config.s3Key !== undefined) return { id: config.s3Key.id, variable: environmentName('s3Key') };
  if (!config.memory) return { showCommand: showCommand(facts, 'show-s3') };
  return server.s3Key && s3Secret !== undefined ? { id: server.s3Key.id, secret: s3Secret } : undefined;
}

function clientKey(facts: BannerFacts): ClientLines['key'] {
  if (facts.secret !== undefined) return { secret: facts.secret };
  return facts.config.memory ? { variable: keyVariable } : { showCommand: showCommand(facts) };
}

function showCommand({ command, config }: BannerFacts, which = 'show-master'): string {
  const { data, keys } = config;
  const keysOption = keys === `${data}-keys` ? '' : ` --keys ${shellWord(keys)}`;
  return `${command} keys ${which} --data ${shellWord(data)}${keysOption}${rootKeyOption(config)}`;
}

function rootKeyOption({ keys, rootKey }: BannerFacts['config']): string {
  switch (rootKey.kind) {
    case 'file':
      return rootKey.path === `${keys}/root.key` ? '' : ` --root-key-file ${shellWord(rootKey.path)}`;
    case 'environment':
      return ` --root-key-env ${rootKey.name}`;
    case 'passphrase':
      return ` --passphrase-env ${rootKey.name}`;
  }
}
