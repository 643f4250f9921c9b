/**
 * The version of the format that this code reads and writes. Each store records its version, so that a store of another
 * version is noticed.
 */
export const storeFormatVersion = 1;

/**
 * Says which store something is part of. The metadata, the folder of blobs and the keyring of a store carry the same
 * mark.
 */
export interface StoreMark {
  /** 32 random hexadecimal digits that never change: a restore keeps them. */
  readonly storeId: string;
  readonly formatVersion: number;
}

/** What the metadata says of its store. */
export interface StoreIdentity extends StoreMark {
  /**
   * 32 random hexadecimal digits, renewed by each restore from a backup. Each token contains them, so that a restore
   * ends all tokens, including those that were given out after the backup and of which the restored store knows
   * nothing.
   */
  readonly generation: string;
}
