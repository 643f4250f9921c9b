import { existsSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { searchDirectory, type Finding } from '@coffer/storage-testkit';
import type { Encryption } from './encryption.ts';
import type { TestFile } from './test-file.ts';

/** What must be found nowhere on the server's disk or in what it said, collected while a scenario runs. */
export class LeakWatch {
  readonly #secrets: Record<string, Buffer> = {};
  readonly #keys: Record<string, Buffer> = {};
  /** The state in which a blob was searched, by its path. */
  readonly #searched = new Map<string, string>();

  /** A customer's key, in whatever form, or its MD5. */
  customerKey({ key }: Encryption): void {
    if (key !== undefined) this.#keys[`customer key ${Object.keys(this.#keys).length + 1}`] = key;
  }

  /** The secret of an application key. */
  applicationKey(secret: string): void {
    this.#secrets[`application key ${Object.keys(this.#secrets).length + 1}`] = Buffer.from(secret);
  }

  /** Content that was only ever stored encrypted. */
  plaintext({ marker, path }: TestFile): void {
    if (marker !== undefined) this.#secrets[`content of ${path}`] = Buffer.from(marker);
  }

  /**
   * All places below the directories where one of the values occurs. Fails if a directory is not there. A blob that has
   * not changed since an earlier search is left out: it was written before there was anything else to find in it.
   */
  async search(directories: readonly string[]): Promise<readonly Finding[]> {
    if (Object.keys(this.#secrets).length + Object.keys(this.#keys).length === 0) return [];
    const findings: Finding[] = [];
    for (const directory of directories) {
      if (!existsSync(directory)) throw new Error(`${directory} is not there to be searched`);
      const secrets = { secrets: this.#secrets, keys: this.#keys };
      findings.push(...(await searchDirectory(secrets, directory, (path) => this.#isDue(path))));
    }
    return findings;
  }

  /** Blobs only: whether the database's file has changed cannot be told from its times, as it is mapped into memory. */
  #isDue(path: string): boolean {
    if (!path.includes(`${sep}blobs${sep}`)) return true;
    const { ino, size, mtimeNs } = statSync(path, { bigint: true });
    const state = `${ino} ${size} ${mtimeNs}`;
    if (this.#searched.get(path) === state) return false;
    this.#searched.set(path, state);
    return true;
  }
}
