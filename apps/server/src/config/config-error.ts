import { StartupError } from '../startup-error.ts';
import type { ConfigKey } from './settings.ts';

/** Where a setting came from. */
export type ConfigSource = 'flag' | 'environment' | 'file' | 'program';

/** A wrong setting. */
export interface ConfigProblem {
  /** Undefined if the name is not that of a setting. */
  readonly key: ConfigKey | undefined;
  /** The name as the operator wrote it: a flag, an environment variable, or a name in the configuration file. */
  readonly name: string;
  readonly message: string;
}

/** Settings are wrong. The message names each one where it was set; values are not repeated. */
export class ConfigError extends StartupError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super('config', problems.map(({ name, message }) => `${name} ${message}.`).join(' '));
    this.problems = problems;
  }
}
