import { ConfigError, type ConfigProblem, type ConfigSource } from './config-error.ts';
import { inconsistencies } from './consistency.ts';
import { completeConfig, type ServerConfig } from './server-config.ts';
import { environmentName, flagName } from './setting-names.ts';
import { configFields, type ConfigInput, type ConfigKey } from './settings.ts';

/** Settings that have not been checked. */
export type UncheckedSettings = Readonly<Record<string, unknown>>;

/**
 * Checks settings and fills in the defaults.
 *
 * @throws ConfigError naming every setting that is wrong.
 */
export function parseConfig(input: ConfigInput = {}): ServerConfig {
  return checkSettings(input, () => 'program');
}

/** Like {@link parseConfig}, for settings from several sources. */
export function checkSettings(settings: UncheckedSettings, sourceOf: (key: string) => ConfigSource): ServerConfig {
  const parsed = configFields.safeParse(settings);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.flatMap((issue) => problemsOf(issue, sourceOf)));
  const broken = inconsistencies(parsed.data);
  if (broken.length > 0) {
    throw new ConfigError(broken.map(({ key, message }) => ({ key, name: nameOf(key, sourceOf(key)), message })));
  }
  return completeConfig(parsed.data);
}

interface Issue {
  readonly code: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

function problemsOf(issue: Issue, sourceOf: (key: string) => ConfigSource): readonly ConfigProblem[] {
  if (issue.keys !== undefined) {
    return issue.keys.map((key) => ({ key: undefined, name: nameOf(key, 'file'), message: 'is not a setting' }));
  }
  // The schema is a strict object of these keys, so nothing else can be named.
  const key = issue.path[0] as ConfigKey;
  return [{ key, name: nameOf(key, sourceOf(key)), message: issue.message }];
}

function nameOf(key: string, source: ConfigSource): string {
  switch (source) {
    case 'environment':
      return `The environment variable ${environmentName(key as ConfigKey)}`;
    case 'file':
      return `"${key}" in the configuration file`;
    case 'program':
      return `"${key}"`;
    case 'flag':
      return flagName(key as ConfigKey);
  }
}
