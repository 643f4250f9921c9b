/**
 * What is kept for the tab, if somebody chose so, until they sign out. When the tab is closed, the browser drops it; a
 * browser that reopens a closed tab, or duplicates one, may bring it along.
 */
export interface Credentials {
  readonly keyId: string;
  readonly key: string;
}

const entry = 'coffer.credentials';

/** What was kept; undefined if nothing was, or if it is not what this page wrote. */
export function keptCredentials(storage: Pick<Storage, 'getItem'>): Credentials | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(entry) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return undefined;
    const { keyId, key } = kept as Partial<Record<keyof Credentials, unknown>>;
    return typeof keyId === 'string' && typeof key === 'string' ? { keyId, key } : undefined;
  } catch {
    return undefined;
  }
}

export function keepCredentials(storage: Pick<Storage, 'setItem'>, credentials: Credentials): void {
  storage.setItem(entry, JSON.stringify(credentials));
}

export function dropCredentials(storage: Pick<Storage, 'removeItem'>): void {
  storage.removeItem(entry);
}
