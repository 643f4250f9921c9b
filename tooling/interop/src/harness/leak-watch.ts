import { existsSync } from 'node:fs';
import { searchDirectory, type Finding } from '@coffer/storage-testkit';
import type { Encryption } from './encryption.ts';
import type { TestFile } from './test-file.ts';

/** What must be found nowhere on the server's disk or in what it said, collected while a scenario runs. */
export class LeakWatch {
  readonly #secrets: Record<string, Buffer> = {};
  readonly #keys: Record<string, Buffer> = {};

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

  /** All places below the directories where one of the values occurs. Fails if a directory is not there. */
  async search(directories: readonly string[]): Promise<readonly Finding[]> {
    if (Object.keys(this.#secrets).length + Object.keys(this.#keys).length === 0) return [];
    const findings: Finding[] = [];
    for (const directory of directories) {
      if (!existsSync(directory)) throw new Error(`${directory} is not there to be searched`);
      findings.push(...(await searchDirectory({ secrets: this.#secrets, keys: this.#keys }, directory)));
    }
    return findings;
  }
}
