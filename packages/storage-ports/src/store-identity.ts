/**
 * The version of the format that this code reads and writes; a store says its own, so that no other is taken for it.
 */
export const storeFormatVersion = 1;

/** Which store something is part of: in the metadata, beside the blobs and in the keyring the same. */
export interface StoreMark {
  /** 32 hexadecimal digits, random, for ever: a restore keeps it. */
  readonly storeId: string;
  readonly formatVersion: number;
}

/** What the metadata says of its store. */
export interface StoreIdentity extends StoreMark {
  /**
   * Which life of the store this is: 32 hexadecimal digits, random, another after each restore from a backup. Tokens
   * name it, so that none that was given out after the backup, and is forgotten since, holds afterwards.
   */
  readonly generation: string;
}
