import { Option, type Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import type { ServerConfig } from '../config/server-config.ts';
import { defaultInWords, environmentName, flagName } from '../config/setting-names.ts';
import { configKeys, settings, type ConfigKey } from '../config/settings.ts';
import { configVariable, unknownVariables } from '../config/unknown-variables.ts';
import type { Terminal } from './terminal.ts';

/** The flags of all settings, under the headings of the help. */
export function addServerOptions(command: Command): Command {
  addOptions(command, configKeys);
  for (const option of command.options) {
    const key = configKeys.find((each) => each === option.attributeName());
    if (key !== undefined) option.helpGroup(`${settings[key].heading}:`);
  }
  return command;
}

/** The flags of the settings that say where data and keys are. */
export function addPlaceOptions(command: Command): Command {
  return addOptions(
    command,
    configKeys.filter((key) => settings[key].ofPlace),
  );
}

/** For a command that works on the data directory and needs no keys. */
export function addDataOption(command: Command): Command {
  return addOptions(command, ['data']);
}

/** The options that are settings. A command may also have an option of its own that has the name of a setting. */
const settingOptions = new WeakSet<Option>();

function addOptions(command: Command, keys: readonly ConfigKey[]): Command {
  for (const key of keys) {
    const { value, description, repeatable, isSecret } = settings[key];
    if (isSecret) continue;
    const flags = value === undefined ? flagName(key) : `${flagName(key)} <${value}>`;
    const option = new Option(flags, `${description} (default: ${defaultInWords(key)}; ${environmentName(key)})`);
    settingOptions.add(option);
    command.addOption(repeatable ? option.argParser(collect) : option);
  }
  return command.option('--config <FILE>', `JSON file of settings (${configVariable})`);
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/**
 * The configuration from a command's flags (as far as they are settings), the environment and the file. Warnings for
 * the operator go to stderr.
 *
 * @throws StartupError `config`.
 */
export function configOf(command: Command, terminal: Terminal): ServerConfig {
  const { config, warnings } = readConfig(command, terminal);
  for (const warning of warnings) terminal.stderr(`coffer: ${warning}\n`);
  return config;
}

/** Like {@link configOf}, for a command that shows the warnings elsewhere. */
export function readConfig(command: Command, { environment }: Terminal): WarnedConfig {
  const given = command.opts<Record<string, unknown> & { config?: string }>();
  const names = command.options.filter((option) => settingOptions.has(option)).map((option) => option.attributeName());
  const flags = Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
  const config = loadConfig({ flags, environment, file: given.config });
  return { config, warnings: unknownVariables(environment, config) };
}

interface WarnedConfig {
  readonly config: ServerConfig;
  readonly warnings: readonly string[];
}
