import type { B2Options } from '@coffer/b2-protocol';
import type { StorageOptions } from '@coffer/storage-core';
import type { OwnConfig } from './own-config.ts';
import { configKeys, settings, type ConfigFields, type ConfigKey, type GivenByAll } from './settings.ts';

export type { PlaceConfig, RootKeySource, TlsSource } from './own-config.ts';

/** A whole and consistent configuration. Paths are absolute. */
export interface ServerConfig extends OwnConfig {
  /** Passed on to the B2 protocol. */
  readonly protocol: GivenByAll['protocol'] & Pick<B2Options, 'recommendedPartSize'>;
  /** Passed on to the storage, which has a default for each absent member. */
  readonly storage: GivenByAll['storage'] & Partial<StorageOptions>;
}

/** Makes the configuration from what each setting contributes. The settings must be consistent. */
export function completeConfig(fields: ConfigFields): ServerConfig {
  const config = { protocol: {}, storage: {} };
  for (const key of configKeys) {
    const { protocol, storage, ...own } = givenBy(key, fields);
    Object.assign(config, own);
    Object.assign(config.protocol, protocol);
    Object.assign(config.storage, storage);
  }
  // The type is made of the same rows. The compiler checks here that it has every member of a configuration.
  return config as GivenByAll;
}

function givenBy(key: ConfigKey, fields: ConfigFields): { readonly protocol?: object; readonly storage?: object } {
  const { use } = settings[key];
  const itself = { [key]: fields[key] };
  if (typeof use === 'function') return (use as (all: ConfigFields) => object)(fields);
  return use === 'own' ? itself : { [use]: itself };
}
