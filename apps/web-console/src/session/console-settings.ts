/** What this console's server offers beside the B2 Native API. */
export interface ConsoleSettings {
  /** Whether the operator allows downloads of encrypted files here. */
  readonly encryptedDownloads: boolean;
  /** Whether it makes snapshots. */
  readonly snapshots: boolean;
}

/** What the server offers; undefined while it is not known. */
export function useConsoleSettings(): ConsoleSettings | undefined {
  return { encryptedDownloads: false, snapshots: false };
}
