import { clientLines, shellWord, type ClientLines } from './client-lines.ts';

export interface BannerFacts {
  readonly version: string;
  readonly urls: {
    readonly http: string | undefined;
    readonly https: string | undefined;
    readonly admin: string | undefined;
  };
  /** What clients are told to use, where it is not one of the listeners. */
  readonly publicUrl: string | undefined;
  readonly data: string;
  readonly keys: string;
  readonly keyId: string;
  /** Undefined: not the first start. */
  readonly secret: string | undefined;
  readonly certificateFile: string | undefined;
  /** Whether new files are SSE-B2 also in a bucket that was given no default encryption. */
  readonly encryptByDefault: boolean;
  /** How to call this program: `coffer`, or node and a path. */
  readonly command: string;
}

/** What a started server prints on stdout: made to be read, and its last part to be pasted. */
export function banner(facts: BannerFacts): string {
  const lines = [`Coffer ${facts.version} is ready.`, '', ...factLines(facts), '', ...clientLines(clientFacts(facts))];
  return `${lines.join('\n')}\n`;
}

function factLines(facts: BannerFacts): readonly string[] {
  const { urls, secret } = facts;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Public URL', facts.publicUrl],
    ['HTTP', urls.http],
    ['HTTPS', urls.https],
    ['Certificate', urls.https && facts.certificateFile],
    ['Admin', urls.admin && `${urls.admin}  (/healthz, /readyz, /metrics)`],
    ['Data', facts.data],
    ['Keys', `${facts.keys}  (back this up apart from the data: without it, encrypted files are lost)`],
    ['Encryption', encryptionLine(facts)],
    ['Key id', facts.keyId],
    ['Key', secret ?? `shown by: ${showCommand(facts)}`],
  ];
  const shown = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(12)}${value}`]));
  return secret === undefined ? shown : [...shown, `              shown this once; later by: ${showCommand(facts)}`];
}

/** What the default is where a bucket has none of its own. */
function encryptionLine({ encryptByDefault }: BannerFacts): string {
  return encryptByDefault
    ? 'every new file is SSE-B2 unless it asks for SSE-C, in every bucket (--encrypt-by-default is on)'
    : 'new files in a bucket without a default are not encrypted unless they ask for it (--encrypt-by-default is off)';
}

function clientFacts(facts: BannerFacts): ClientLines {
  const endpoint = facts.publicUrl ?? facts.urls.http ?? facts.urls.https ?? '';
  const { keyId, secret, certificateFile } = facts;
  return {
    endpoint,
    keyId,
    key: secret === undefined ? { showCommand: showCommand(facts) } : { secret },
    certificateFile: endpoint === facts.urls.https ? certificateFile : undefined,
  };
}

function showCommand({ command, data, keys }: BannerFacts): string {
  const keysOption = keys === `${data}-keys` ? '' : ` --keys ${shellWord(keys)}`;
  return `${command} keys show-master --data ${shellWord(data)}${keysOption}`;
}
