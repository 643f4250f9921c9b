import type { Credentials } from './banner.ts';

/** What a client run finds in its environment, besides the few variables that every program needs. */
export interface ClientSettings {
  /** The client's home: configuration and caches of no other scenario or user are seen. */
  readonly home: string;
  /** PEM file that the client shall trust instead of the system's authorities. */
  readonly caFile?: string | undefined;
  /** The client's own variables, such as `B2_ACCOUNT_INFO`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Variables by which some client or library finds the authorities it trusts. */
export const trustVariables = ['REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'] as const;

/**
 * The whole environment of a client. Nothing of this process's own is inherited except PATH: authorities, proxies and
 * `B2_*` variables that the machine pre-sets would otherwise decide what a scenario proves.
 */
export function clientEnvironment({ home, caFile, variables = {} }: ClientSettings): Record<string, string> {
  const trust = caFile === undefined ? [] : trustVariables.map((name) => [name, caFile] as const);
  return { ...basics(home), ...Object.fromEntries(trust), ...variables };
}

/**
 * The whole environment of the server: what it would have as a service, with its master key, which it would not print;
 * in leak mode also what collects its secrets and answers.
 */
export function serverEnvironment(home: string, { keyId, key }: Credentials): Record<string, string> {
  const { COFFER_LEAKS_FOLDER: folder, COFFER_LEAKS_PRELOAD: preload } = process.env;
  const own = { ...basics(home), COFFER_MASTER_KEY_ID: keyId, COFFER_MASTER_KEY: key };
  if (folder === undefined || preload === undefined) return own;
  return { ...own, COFFER_LEAKS_FOLDER: folder, NODE_OPTIONS: `--import=${preload}` };
}

function basics(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
}
