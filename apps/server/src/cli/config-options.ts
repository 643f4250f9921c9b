import { Option, type Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import { configOptions, environmentName, flagName, type ConfigOption } from '../config/options.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { Terminal } from './terminal.ts';

/** Adds the flags of the settings that a command needs. */
export function addConfigOptions(command: Command, groups: readonly ConfigOption['group'][]): Command {
  return addOptions(
    command,
    configOptions.filter(({ group }) => groups.includes(group)),
  );
}

/** As {@link addConfigOptions}, for a command that works on the data directory and needs no keys. */
export function addDataOption(command: Command): Command {
  return addOptions(
    command,
    configOptions.filter(({ key }) => key === 'data'),
  );
}

function addOptions(command: Command, options: readonly ConfigOption[]): Command {
  for (const option of options) {
    const flags = option.value === undefined ? flagName(option.key) : `${flagName(option.key)} <${option.value}>`;
    const description = `${option.description} (default: ${option.default}; ${environmentName(option.key)})`;
    const flag = new Option(flags, description);
    command.addOption(option.repeatable ? flag.argParser(collect) : flag);
  }
  return command.option('--config <FILE>', 'JSON file of settings (COFFER_CONFIG)');
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

const settings: ReadonlySet<string> = new Set(configOptions.map(({ key }) => key));

/** The configuration from a command's flags, as far as they are settings, the environment and the file. @throws StartupError `config`. */
export function configOf(command: Command, { environment }: Terminal): ServerConfig {
  const { config, ...given } = command.opts<Record<string, unknown> & { config?: string }>();
  const flags = Object.fromEntries(Object.entries(given).filter(([name]) => settings.has(name)));
  return loadConfig({ flags, environment, file: config });
}
