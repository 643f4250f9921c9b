import type { SecretString } from '@coffer/bytes';
import type { ApplicationKeyRecord } from '@coffer/storage-ports';

/** The account and its master key. */
export interface AccountService {
  /**
   * The account this store was made for with its master key, made on the first call ever; `secret` is given only then.
   * With `masterKey` given, the master key's secret is that one (and is replaced when it differs).
   */
  bootstrap(options?: { readonly masterKey?: SecretString }): Promise<{
    readonly accountId: string;
    readonly masterKey: ApplicationKeyRecord;
    readonly secret: SecretString | null;
  }>;
  /** The master key's secret, for showing it to the operator again. */
  revealMasterKey(accountId: string): Promise<SecretString>;
}
