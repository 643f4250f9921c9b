import type { SecretString } from '@coffer/bytes';
import { keys, type ApplicationKeyRecord } from '@coffer/storage-ports';
import {
  makeApplicationKeySecret,
  openApplicationKey,
  sealApplicationKey,
  type SealedSecret,
} from '../encryption/application-key-secret.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { isPossibleId } from '../core/identifiers.ts';
import { isExpired } from './key-expiry.ts';

const decoyId = 'decoy';

/** Compares credentials with what is stored, so that neither answer nor time tells whether an id exists. */
export class CredentialCheck {
  readonly #core: Core;
  #decoy: Promise<SealedSecret> | undefined;

  constructor(core: Core) {
    this.#core = core;
  }

  async authenticate(applicationKeyId: string, secret: SecretString): Promise<ApplicationKeyRecord> {
    const key = await this.#find(applicationKeyId);
    const decoy = await this.#sealedDecoy();
    const expected = await openApplicationKey(this.#core, key?.applicationKeyId ?? decoyId, key ?? decoy);
    try {
      const matches = expected.equals(secret);
      if (key === undefined || !matches || isExpired(key, this.#core.clock.now())) throw failures.badCredentials();
      return key;
    } finally {
      expected.wipe();
    }
  }

  async #find(applicationKeyId: string): Promise<ApplicationKeyRecord | undefined> {
    const id = isPossibleId(applicationKeyId) ? applicationKeyId : decoyId;
    return (await this.#core.metadata.get('applicationKeys', keys.applicationKeys(id)))?.value;
  }

  /** A secret that nobody has. It is opened when the id is unknown, so that this takes as long as with a known id. */
  async #sealedDecoy(): Promise<SealedSecret> {
    this.#decoy ??= sealFreshSecret(this.#core);
    try {
      return await this.#decoy;
    } catch (error) {
      this.#decoy = undefined;
      throw error;
    }
  }
}

async function sealFreshSecret(core: Core): Promise<SealedSecret> {
  const secret = makeApplicationKeySecret();
  try {
    return await sealApplicationKey(core, decoyId, secret);
  } finally {
    secret.wipe();
  }
}
