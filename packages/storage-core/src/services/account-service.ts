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

/** An account that was made just now, with its master key. */
export interface NewAccount {
  readonly accountId: string;
  readonly masterKey: ApplicationKeyRecord;
  /** The master key's. It is shown this once; the caller wipes it. */
  readonly secret: SecretString;
}

/** What is known of an account. */
export interface AccountSummary {
  readonly accountId: string;
  /** Null: the account that the store was made for. */
  readonly name: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Accounts and their master keys. Every account has its own buckets and keys, and names of buckets are common. */
export interface AccountService {
  /**
   * The account this store was made for with its master key, made on the first call ever; `secret` is given only then.
   * With `masterKey` given, the master key's secret is that one (and is replaced when it differs). With `accountId`
   * given, 12 hexadecimal digits, a new account has that id, and with it its master key.
   *
   * @throws StorageError `invalid` if the account that there is has another id than `accountId`; nothing was changed
   * then. `record_damaged` if the records do not say which account the store was made for.
   */
  bootstrap(options?: BootstrapOptions): Promise<BootstrappedAccount>;
  /**
   * Makes a further account. Its name has 1 to 100 printable characters and is compared in Unicode's normalization form
   * C.
   *
   * @throws StorageError `invalid` for another name, for one that an account has already (`field` is `name`), and if
   * the store has no account yet.
   */
  create(account: { readonly name: string }): Promise<NewAccount>;
  /** All accounts, in the order of their ids. */
  list(): Promise<readonly AccountSummary[]>;
  /** The master key's secret, for showing it to the operator again. */
  revealMasterKey(accountId: string): Promise<SecretString>;
}
