import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clientEnvironment } from '../../interop/src/harness/client-environment.ts';
import { expectSuccess, runCommand } from '../../interop/src/harness/command.ts';
import { serverEntry } from '../../interop/src/harness/paths.ts';
import type { ServerProcess } from '../../interop/src/harness/server-process.ts';
import { decode } from './python-decoder.ts';

/** What `coffer export-record` prints (docs/format.md, section 12). */
export interface RecordExport {
  formatVersion: number;
  record: {
    mode: string;
    fileName: string;
    size: number;
    wrappedKey: string | null;
    verifier: string | null;
    seal: string;
    parts: { partNumber: number; blobId: string; size: number; blobCheck: string }[];
  };
  blobs: { blobId: string; path?: string; bytes?: string }[];
}

/**
 * One file version taken out of a running server: its record, and a data directory that holds its blobs and nothing
 * else.
 */
export class ExportedFile {
  readonly folder: string;
  readonly #keys: string;
  readonly #record: string;

  private constructor(server: ServerProcess) {
    this.folder = mkdtempSync(join(server.folder, 'export-'));
    this.#keys = join(server.folder, 'keys');
    this.#record = join(this.folder, 'record.json');
  }

  /** @param choice `--file-id ID` or `--bucket NAME --name FILE`. */
  static async from(server: ServerProcess, choice: readonly string[]): Promise<ExportedFile> {
    const file = new ExportedFile(server);
    const args = [serverEntry, 'export-record', '--data', server.dataFolder, '--output', file.#record, ...choice];
    expectSuccess(await runCommand(process.execPath, args, { env: clientEnvironment({ home: server.folder }) }));
    for (const { path } of file.read().blobs) {
      if (path === undefined) continue;
      mkdirSync(dirname(file.blobPath(path)), { recursive: true });
      cpSync(join(server.dataFolder, path), file.blobPath(path));
    }
    return file;
  }

  read(): RecordExport {
    return JSON.parse(readFileSync(this.#record, 'utf8')) as RecordExport;
  }

  /** Changes the exported JSON. */
  edit(change: (exported: RecordExport) => void): void {
    const exported = this.read();
    change(exported);
    writeFileSync(this.#record, JSON.stringify(exported));
  }

  blobPath(path: string): string {
    return join(this.folder, 'data', path);
  }

  /** The file of the first blob. */
  get firstBlobFile(): string {
    const path = this.read().blobs[0]?.path;
    if (path === undefined) throw new Error('the first blob is not in a file');
    return this.blobPath(path);
  }

  /** Where {@link ExportedFile.decode} writes the plaintext. */
  get output(): string {
    return join(this.folder, 'plaintext');
  }

  /** Changes the stored bytes of a blob, wherever they are. */
  tamper(index: number, change: (bytes: Buffer) => Buffer): void {
    this.edit(({ blobs }) => {
      const blob = blobs[index];
      if (blob?.path !== undefined) {
        const path = this.blobPath(blob.path);
        writeFileSync(path, change(readFileSync(path)));
      } else if (blob?.bytes !== undefined) {
        blob.bytes = change(Buffer.from(blob.bytes, 'base64')).toString('base64');
      }
    });
  }

  /** Arguments that open the keyring with its root key file. */
  get keyring(): readonly string[] {
    return ['--keyring', join(this.#keys, 'keyring.json'), '--root-key', `file:${join(this.#keys, 'root.key')}`];
  }

  get rootKey(): string {
    return readFileSync(join(this.#keys, 'root.key'), 'utf8');
  }

  /** Decodes with these keys, into a file. `plaintext` is undefined unless the decoder left one. */
  async decode(keys: readonly string[], variables?: Readonly<Record<string, string>>) {
    const { output } = this;
    const { code, stderr } = await decode([...this.#arguments, '--output', output, ...keys], variables);
    return { code, stderr, plaintext: existsSync(output) ? readFileSync(output) : undefined };
  }

  /** Decodes to standard output. */
  async pipe(keys: readonly string[]) {
    return decode([...this.#arguments, ...keys]);
  }

  get #arguments(): readonly string[] {
    return [this.#record, '--data', join(this.folder, 'data')];
  }
}

/** The customer key as the decoder takes it. */
export function customerKey(key: Buffer | undefined): {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
} {
  if (key === undefined) return { args: [], variables: {} };
  return { args: ['--customer-key', 'env:CUSTOMER_KEY'], variables: { CUSTOMER_KEY: key.toString('base64') } };
}
