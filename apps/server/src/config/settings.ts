import type { B2Options } from '@coffer/b2-protocol';
import type { StorageOptions } from '@coffer/storage-core';
import * as z from 'zod';
import type { OwnConfig } from './own-config.ts';
import { addressesSettings } from './settings/addresses.ts';
import { clientsSettings } from './settings/clients.ts';
import { commonSettings } from './settings/common.ts';
import { connectionsSettings } from './settings/connections.ts';
import { keysSettings } from './settings/keys.ts';
import { notificationsSettings } from './settings/notifications.ts';
import { s3Settings } from './settings/s3.ts';
import { testsSettings } from './settings/tests.ts';
import { upkeepSettings } from './settings/upkeep.ts';
import type { Parts, Setting } from './settings/setting.ts';

/** In the order of the help. */
const rows = {
  ...commonSettings,
  ...addressesSettings,
  ...keysSettings,
  ...clientsSettings,
  ...s3Settings,
  ...connectionsSettings,
  ...upkeepSettings,
  ...notificationsSettings,
  ...testsSettings,
};

type Rows = typeof rows;
export type ConfigKey = keyof Rows;

/** Values of settings, checked one by one; undefined where there is none. */
type Values = { readonly [Key in ConfigKey]: z.output<Rows[Key]['schema']> };

/** What a setting contributes to the parts of the server. */
type Given<Key extends ConfigKey> = Rows[Key]['use'] extends (settings: never) => infer Made
  ? Made
  : Rows[Key]['use'] extends 'own'
    ? Pick<Values, Key>
    : { readonly [Part in Rows[Key]['use'] & string]: Pick<Values, Key> };

/** What all settings together contribute. */
export type GivenByAll = Together<{ readonly [Key in ConfigKey]: Given<Key> }[ConfigKey]>;
type Together<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/**
 * Values that a setting contributes but no part takes, and settings that contribute nothing. If there are any, the
 * table does not compile.
 */
interface Idle {
  readonly parts: Exclude<keyof GivenByAll, keyof OwnConfig | keyof Parts>;
  readonly protocol: Exclude<keyof GivenByAll['protocol'], keyof B2Options>;
  readonly storage: Exclude<keyof GivenByAll['storage'], keyof StorageOptions>;
  readonly settings: { readonly [Key in ConfigKey]: keyof Given<Key> extends never ? Key : never }[ConfigKey];
}

/** Every setting. Does not compile if one of them has no effect. */
export const settings: { readonly [Key in ConfigKey]: Setting } = rows satisfies [Idle[keyof Idle]] extends [never]
  ? unknown
  : Idle;

export const configKeys = Object.keys(rows) as readonly ConfigKey[];

type Schemas = { readonly [Key in ConfigKey]: Rows[Key]['schema'] };

/** All settings by their names in a configuration file, before defaults that depend on other settings. */
export const configFields = z.strictObject(
  Object.fromEntries(configKeys.map((key) => [key, rows[key].schema])) as Schemas,
);

/** Settings as they are written: in a configuration file, or by a program that runs the server in its own process. */
export type ConfigInput = z.input<typeof configFields>;

/** Settings that were checked one by one. */
export type ConfigFields = z.output<typeof configFields>;
