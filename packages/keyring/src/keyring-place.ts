/**
 * Where the text of a keyring is kept, which holds no key in clear: a file, or for several machines a record of the
 * database that they share. What it throws of its own passes through every method of the keyring.
 */
export interface KeyringPlace {
  /** For messages: a path, or whatever else names the place. Not secret. */
  readonly name: string;

  /** The text; undefined if there is none. Reads see every change that was made before, by whomever. */
  read(): Promise<string | undefined>;

  /** Changes whenever the text does, and costs less than reading it; undefined if there is no text. */
  identity(): Promise<string | undefined>;

  /** Keeps the text if there is none yet, durably; resolves to false if there is one, which stays. */
  create(text: string): Promise<boolean>;

  /**
   * Replaces the text by what `change` makes of it, all or nothing and durably, while nobody else changes it; if
   * `change` makes nothing of it, the text stays. `change` may be called again if others were faster, and gets their
   * text then. Its errors pass through.
   */
  change(change: (text: string | undefined) => Promise<string | undefined>): Promise<void>;
}
