import { environmentName } from '../config/options.ts';
import { clientLines, shellWord, type ClientLines } from './client-lines.ts';

/** Where a server in memory, whose key no command shows, was given it. */
const keyVariable = environmentName('masterKey');

export interface BannerFacts {
  readonly version: string;
  readonly urls: {
    readonly http: string | undefined;
    readonly https: string | undefined;
    readonly admin: string | undefined;
  };
  /** What clients are told to use, where it is not one of the listeners. */
  readonly publicUrl: string | undefined;
  /** Whether data and keys are in memory only, and not where the next two say. */
  readonly memory: boolean;
  readonly data: string;
  readonly keys: string;
  readonly keyId: string;
  /** Undefined: not the first start. */
  readonly secret: string | undefined;
  readonly certificateFile: string | undefined;
  /** How to call this program: `coffer`, or node and a path. */
  readonly command: string;
}

/** What a started server prints on stdout: made to be read, and its last part to be pasted. */
export function banner(facts: BannerFacts): string {
  const lines = [`Coffer ${facts.version} is ready.`, '', ...factLines(facts), '', ...clientLines(clientFacts(facts))];
  return `${lines.join('\n')}\n`;
}

function factLines(facts: BannerFacts): readonly string[] {
  const { urls, secret, memory } = facts;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Public URL', facts.publicUrl],
    ['HTTP', urls.http],
    ['HTTPS', urls.https],
    ['Certificate', urls.https && facts.certificateFile],
    ['Admin', urls.admin && `${urls.admin}  (/healthz, /readyz, /metrics)`],
    ['Data', memory ? 'in memory: all of it is gone when the server ends' : facts.data],
    [
      'Keys',
      memory ? undefined : `${facts.keys}  (back this up apart from the data: without it, encrypted files are lost)`,
    ],
    ['Key id', facts.keyId],
    ['Key', secret ?? (memory ? `the one in ${keyVariable}` : `shown by: ${showCommand(facts)}`)],
  ];
  const shown = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(12)}${value}`]));
  return secret === undefined || memory
    ? shown
    : [...shown, `              shown this once; later by: ${showCommand(facts)}`];
}

function clientFacts(facts: BannerFacts): ClientLines {
  const endpoint = facts.publicUrl ?? facts.urls.http ?? facts.urls.https ?? '';
  const { keyId, certificateFile } = facts;
  return {
    endpoint,
    keyId,
    key: clientKey(facts),
    certificateFile: endpoint === facts.urls.https ? certificateFile : undefined,
  };
}

function clientKey(facts: BannerFacts): ClientLines['key'] {
  if (facts.secret !== undefined) return { secret: facts.secret };
  return facts.memory ? { variable: keyVariable } : { showCommand: showCommand(facts) };
}

function showCommand({ command, data, keys }: BannerFacts): string {
  const keysOption = keys === `${data}-keys` ? '' : ` --keys ${shellWord(keys)}`;
  return `${command} keys show-master --data ${shellWord(data)}${keysOption}`;
}
