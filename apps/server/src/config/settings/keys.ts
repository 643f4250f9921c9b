import { SecretString, type SecretString as Secret } from '@coffer/bytes';
import * as z from 'zod';
import { environmentVariable, path } from '../fields.ts';
import { isMasterKey, masterKeyRule } from '../master-key.ts';
import * as own from '../own-config.ts';
import type { Settings } from './setting.ts';

const heading = 'Root key and master key';

export const keysSettings = {
  rootKeyFile: {
    schema: path.optional(),
    heading,
    value: 'PATH',
    description: 'file of the root key',
    default: '<keys>/root.key',
    ofPlace: true,
    use: own.rootKey,
  },
  rootKeyEnv: {
    schema: environmentVariable.optional(),
    heading,
    value: 'NAME',
    description: 'environment variable that holds the root key',
    ofPlace: true,
    use: own.rootKey,
  },
  passphraseEnv: {
    schema: environmentVariable.optional(),
    heading,
    value: 'NAME',
    description: 'environment variable with a passphrase to derive the root key from',
    ofPlace: true,
    use: own.rootKey,
  },
  masterKeyId: {
    schema: z
      .string()
      .regex(/^[0-9a-f]{12}$/, { error: 'must be 12 hexadecimal digits, in small letters' })
      .optional(),
    heading,
    value: 'ID',
    description:
      'id of the master application key and of the account, 12 hexadecimal digits; only the first start can choose it',
    default: 'made on the first start',
    use: 'own',
  },
  masterKey: {
    schema: z
      .custom<Secret>((value) => value instanceof SecretString, {
        error: 'is a secret: give it in the environment variable COFFER_MASTER_KEY',
      })
      .refine(isMasterKey, { error: masterKeyRule })
      .optional(),
    heading,
    description:
      'secret of the master application key: K, 3 digits, 22 to 60 characters; a new one ends the tokens of the old',
    default: 'made on the first start',
    isSecret: true,
    use: 'own',
  },
} as const satisfies Settings;
