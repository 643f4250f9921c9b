import { readFileSync } from 'node:fs';
import { parseStrictJson, SecretString } from '@coffer/bytes';
import { StartupError, systemReason } from '../startup-error.ts';
import type { ConfigSource } from './config-error.ts';
import { checkSettings, type UncheckedSettings } from './parse-config.ts';
import type { ServerConfig } from './server-config.ts';
import { environmentName } from './setting-names.ts';
import { configKeys, settings } from './settings.ts';
import { configVariable } from './unknown-variables.ts';

/** What the server is configured from. */
export interface ConfigSources {
  /** The flags that were given, by the names of their settings. */
  readonly flags: UncheckedSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A JSON file; COFFER_CONFIG names it where this is undefined. */
  readonly file?: string | undefined;
}

/**
 * Loads the configuration: a flag counts before the environment, the environment before the file, and the file before
 * defaults.
 *
 * @throws ConfigError if a setting is wrong; StartupError `config` if the file cannot be read.
 */
export function loadConfig({ flags, environment, file }: ConfigSources): ServerConfig {
  const path = file ?? environment[configVariable];
  const layers: Readonly<Record<'flag' | 'environment' | 'file', UncheckedSettings>> = {
    flag: flags,
    environment: environmentSettings(environment),
    file: path === undefined ? {} : readConfigFile(path),
  };
  const sourceOf = (key: string): ConfigSource =>
    (['flag', 'environment', 'file'] as const).find((name) => key in layers[name]) ?? 'flag';
  return checkSettings({ ...layers.file, ...layers.environment, ...layers.flag }, sourceOf);
}

/**
 * The settings in the environment. An empty variable counts as not set, since some service managers cannot unset one.
 */
function environmentSettings(environment: ConfigSources['environment']): UncheckedSettings {
  const given = configKeys.flatMap((key) => {
    const value = environment[environmentName(key)];
    if (value === undefined || value === '') return [];
    return [[key, settings[key].isSecret ? SecretString.of(value) : value] as const];
  });
  return Object.fromEntries(given);
}

function readConfigFile(path: string): UncheckedSettings {
  const content = parseJson(path, readText(path));
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as UncheckedSettings;
  throw new StartupError('config', `The configuration file ${path} must hold one JSON object.`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StartupError('config', `The configuration file ${path} cannot be read: ${systemReason(cause)}.`, {
      cause,
    });
  }
}

function parseJson(path: string, text: string): unknown {
  const read = parseStrictJson(text);
  if (read.ok) return read.value;
  if (read.problem === 'syntax') throw new StartupError('config', `The configuration file ${path} is not valid JSON.`);
  throw new StartupError('config', `The configuration file ${path} cannot be used: ${read.message}.`);
}
