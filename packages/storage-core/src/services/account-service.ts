import type { SecretString } from '@coffer/bytes';
import type { ApplicationKeyRecord } from '@coffer/storage-ports';

/** What the operator chooses of the account and its master key, instead of having it made. */
export interface BootstrapOptions {
  readonly masterKey?: SecretString;
  readonly accountId?: string;
}

/** The account of a store, as its start finds or makes it. */
export interface BootstrappedAccount {
  readonly accountId: string;
  readonly masterKey: ApplicationKeyRecord;
  /** The master key's; null where the account was there before. */
  readonly secret: SecretString | null;
}

/** The account and its master key. */
export interface AccountService {
  /**
   * The account this store was made for with its master key, made on the first call ever; `secret` is given only then.
   * With `masterKey` given, the master key's secret is that one (and is replaced when it differs). With `accountId`
   * given, 12 hexadecimal digits, a new account has that id, and with it its master key.
   *
   * @throws StorageError `invalid` if the account that there is has another id than `accountId`; nothing was changed
   * then.
   */
  bootstrap(options?: BootstrapOptions): Promise<BootstrappedAccount>;
  /** The master key's secret, for showing it to the operator again. */
  revealMasterKey(accountId: string): Promise<SecretString>;
}
