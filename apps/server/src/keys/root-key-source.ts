import { SecretString } from '@coffer/bytes';
import type { RootKeySource as KeyringRootKey } from '@coffer/keyring';
import type { RootKeySource } from '../config/server-config.ts';
import { StartupError } from '../startup-error.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The configured root key as the keyring takes it. @throws StartupError `keys` if a named variable is not set. */
export function rootKeyFrom(source: RootKeySource, environment: Environment): KeyringRootKey {
  switch (source.kind) {
    case 'file':
      return { kind: 'file', path: source.path };
    case 'environment':
      return { kind: 'value', value: secretVariable(environment, source.name, 'the root key') };
    case 'passphrase':
      return { kind: 'passphrase', passphrase: secretVariable(environment, source.name, 'the passphrase') };
  }
}

function secretVariable(environment: Environment, name: string, what: string): SecretString {
  const value = environment[name];
  if (value !== undefined && value !== '') return SecretString.of(value);
  throw new StartupError('keys', `The environment variable ${name}, which is to hold ${what}, is not set.`);
}
