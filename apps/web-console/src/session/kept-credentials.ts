/** What is kept for the tab, if somebody chose so: until it is closed, or until they sign out. */
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
