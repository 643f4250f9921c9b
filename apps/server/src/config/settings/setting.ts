import type { B2Options } from '@coffer/b2-protocol';
import type { StorageOptions } from '@coffer/storage-core';
import type * as z from 'zod';
import type { OwnConfig } from '../own-config.ts';

/**
 * All facts about one setting of the server. Its flag, its environment variable, its name in the configuration file,
 * the help, the table in the README and the server's configuration follow from it.
 */
export interface Setting {
  /** How its value is read, and its default. */
  readonly schema: z.ZodType;
  /** The heading of the help under which it stands. */
  readonly heading: string;
  /** Placeholder of the flag's value; absent for a switch. */
  readonly value?: string;
  /** Whether the flag may be given several times; elsewhere its values are separated by commas. */
  readonly repeatable?: true;
  readonly description: string;
  /** The default in words, if the schema does not contain it. */
  readonly default?: string;
  /** Whether commands that only need data and keys have it too. */
  readonly ofPlace?: true;
  /** A secret comes from the environment only. */
  readonly isSecret?: true;
  /**
   * What is done with its value: either the part of the server that takes it under the same name, or a function of all
   * settings that makes values for one or more parts.
   */
  readonly use: keyof Parts | ((settings: never) => object);
}

/** The parts of the server, with what each of them takes. */
export interface Parts {
  /** This package. */
  readonly own: OwnConfig;
  readonly protocol: B2Options;
  readonly storage: StorageOptions;
}

/** Settings by their names in a configuration file. */
export type Settings = Readonly<Record<string, Setting>>;
