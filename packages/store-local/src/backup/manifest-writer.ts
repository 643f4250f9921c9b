import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { BlobFile, BlobFileSystem } from '@coffer/storage-ports';
import { GatheredWriter } from '../gathered-writer.ts';
import { attempt } from '../store-failure.ts';
import { backupLayout } from './backup-layout.ts';
import {
  endLine,
  entryLine,
  headerLine,
  type ManifestEnd,
  type ManifestEntry,
  type ManifestHeader,
} from './manifest.ts';
import { nameDurably, removeFile } from './new-file.ts';

const encoder = new TextEncoder();

/**
 * Writes the manifest of a backup, line by line, under a temporary name. The manifest gets its final name at the end,
 * when everything that it lists is on disk: a backup without a manifest is not complete.
 */
export class ManifestWriter {
  readonly #files: BlobFileSystem;
  readonly #path: string;
  readonly #file: BlobFile;
  readonly #writer: GatheredWriter;
  readonly #hash = createHash('sha256');
  #counts = { files: 0, missing: 0, bytes: 0 };

  private constructor(files: BlobFileSystem, path: string, file: BlobFile) {
    this.#files = files;
    this.#path = path;
    this.#file = file;
    this.#writer = new GatheredWriter(file);
  }

  /** Begins the manifest of the backup in a directory; replaces what an interrupted run wrote. */
  static async begin(files: BlobFileSystem, backup: string, header: ManifestHeader): Promise<ManifestWriter> {
    const path = backupLayout.manifest(backup);
    await removeFile(files, temporaryOf(path));
    const file = await attempt('Making the manifest', files.create(temporaryOf(path)));
    const writer = new ManifestWriter(files, path, file);
    await writer.#write(headerLine(header));
    return writer;
  }

  async add(entry: ManifestEntry): Promise<void> {
    await this.#write(entryLine(entry));
    if ('missing' in entry) {
      this.#counts.missing++;
    } else {
      this.#counts.files++;
      this.#counts.bytes += entry.length;
    }
  }

  /** Writes the last line, flushes and names the manifest: the backup is complete. */
  async finish(): Promise<ManifestEnd> {
    const end = { ...this.#counts, sha256: this.#hash.digest('hex') };
    await this.#writer.add(encoder.encode(`${endLine(end)}\n`));
    await this.#writer.end();
    await attempt('Flushing the manifest', this.#file.datasync());
    await this.close();
    const naming = nameDurably(this.#files, temporaryOf(this.#path), this.#path);
    await attempt(`Naming the manifest in ${dirname(this.#path)}`, naming);
    return end;
  }

  /** Leaves what was written under the temporary name. */
  async close(): Promise<void> {
    await this.#writer.release();
    await this.#file.close().catch(() => undefined);
  }

  async #write(line: string): Promise<void> {
    const bytes = encoder.encode(`${line}\n`);
    this.#hash.update(bytes);
    await this.#writer.add(bytes);
  }
}

function temporaryOf(path: string): string {
  return `${path}.tmp`;
}
