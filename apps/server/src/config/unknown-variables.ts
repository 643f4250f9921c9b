import type { ServerConfig } from './server-config.ts';
import { environmentName } from './setting-names.ts';
import { configKeys } from './settings.ts';

const prefix = 'COFFER_';
/** Names the configuration file. */
export const configVariable = 'COFFER_CONFIG';

/**
 * What Kubernetes sets in each container for every service of the namespace, here for those whose name begins with
 * `coffer`: `COFFER_SERVICE_HOST`, `COFFER_PORT=tcp://…`, `COFFER_PORT_8920_TCP_ADDR` and so on.
 */
const kubernetes =
  /^COFFER(?:_[A-Z0-9_]+)?_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
const kubernetesPort = /^COFFER(?:_[A-Z0-9_]+)?_PORT$/;
const kubernetesUrl = /^(?:tcp|udp|sctp):\/\//;

/** Settings that people look for under another name. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['COFFER_PORT', environmentName('listen')],
  ['COFFER_HOST', environmentName('listen')],
  ['COFFER_ADDRESS', environmentName('listen')],
  ['COFFER_KEY', environmentName('masterKey')],
  ['COFFER_KEY_ID', environmentName('masterKeyId')],
  ['COFFER_DATA_DIR', environmentName('data')],
  ['COFFER_KEYS_DIR', environmentName('keys')],
]);

/**
 * A sentence for each variable that looks like one of Coffer's but is not, since a mistyped setting would otherwise be
 * ignored silently. The values are not repeated.
 */
export function unknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  { rootKey }: Pick<ServerConfig, 'rootKey'>,
): readonly string[] {
  const settings = configKeys.map(environmentName);
  const known = new Set([...settings, configVariable, ...(rootKey.kind === 'file' ? [] : [rootKey.name])]);
  return Object.entries(environment)
    .filter(([name]) => name.startsWith(prefix) && !known.has(name))
    .filter(([name, value = '']) => !isOfKubernetes(name, value))
    .map(([name]) => {
      const meant = otherNames.get(name) ?? nearest(name, [...known]);
      const advice = meant === undefined ? 'coffer serve --help lists those that are.' : `Did you mean ${meant}?`;
      return `The environment variable ${name} is not known, and was ignored. ${advice}`;
    });
}

function isOfKubernetes(name: string, value: string): boolean {
  return kubernetes.test(name) || (kubernetesPort.test(name) && kubernetesUrl.test(value));
}

/** The name with the fewest edits from this one, if there are few. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(2, Math.floor((name.length - prefix.length) / 3));
  const near = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(name, candidate) }))
    .filter(({ edits }) => edits <= most)
    .sort((one, other) => one.edits - other.edits);
  return near[0]?.candidate;
}

/** Levenshtein's distance: how many characters have to be put in, left out or replaced. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
