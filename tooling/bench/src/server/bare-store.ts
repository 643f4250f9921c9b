import { createHash, randomUUID } from 'node:crypto';
import { readSync } from 'node:fs';
import { link, open, unlink, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { BareChunks } from './bare-chunks.ts';

/** Bodies up to this size go into one file that commits share, as Coffer keeps them in its metadata store. */
const inlineThreshold = 65_536;
const gatherLength = 256 * 1024;

/** Where a body is: in the shared file, or in one of its own. */
export type StoredBody = { readonly length: number } & ({ readonly offset: number } | { readonly path: string });

/** Keeps bodies with the flushes that Coffer makes, and nothing else: no names, no records, no wrapped keys. */
export class BareStore {
  readonly #directory: string;
  readonly #log: FileHandle;
  readonly #chunks: BareChunks | undefined;
  readonly #bodies = new Map<string, StoredBody>();
  #waiting: { readonly bytes: Uint8Array; readonly settle: () => void }[] = [];
  #busy = false;
  #end = 0;

  private constructor(directory: string, log: FileHandle, chunks: BareChunks | undefined) {
    this.#directory = directory;
    this.#log = log;
    this.#chunks = chunks;
  }

  /** With `chunks`, bodies in files of their own are encrypted; those in the shared file never are. */
  static async open(directory: string, chunks?: BareChunks): Promise<BareStore> {
    return new BareStore(directory, await open(join(directory, 'log'), 'w+'), chunks);
  }

  find(id: string): StoredBody | undefined {
    return this.#bodies.get(id);
  }

  /** The bytes of a body in the shared file. */
  readInline(offset: number, length: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(length);
    readSync(this.#log.fd, bytes, 0, length, offset);
    return bytes;
  }

  /** Stores a body under its digests; resolves when it would survive a power cut. */
  async write(message: IncomingMessage): Promise<{ readonly id: string; readonly sha1: string; readonly md5: string }> {
    const length = Number(message.headers['content-length']);
    const sha1 = createHash('sha1');
    const md5 = createHash('md5');
    async function* digested() {
      for await (const piece of message as AsyncIterable<Uint8Array>) {
        sha1.update(piece);
        md5.update(piece);
        yield piece;
      }
    }
    const id = randomUUID();
    if (length > inlineThreshold) this.#bodies.set(id, { length, path: await this.#writeFile(id, digested()) });
    const bytes = length > inlineThreshold ? Buffer.from(id) : await gather(digested());
    const offset = await this.#commit(bytes);
    if (length <= inlineThreshold) this.#bodies.set(id, { length, offset });
    return { id, sha1: sha1.digest('hex'), md5: md5.digest('hex') };
  }

  async #writeFile(id: string, body: AsyncIterable<Uint8Array>): Promise<string> {
    const [temporary, path] = [join(this.#directory, `${id}.part`), join(this.#directory, id)];
    const file = await open(temporary, 'w');
    await writeGathered(file, this.#chunks?.seal(body) ?? body);
    await file.datasync();
    await file.close();
    await link(temporary, path);
    const directory = await open(this.#directory);
    await directory.sync();
    await directory.close();
    await unlink(temporary);
    return path;
  }

  /**
   * Writes the bodies of all that wait with two flushes, as LMDB makes one for its data and one for the page that makes
   * the data valid.
   */
  #commit(bytes: Uint8Array): Promise<number> {
    const offset = this.#end;
    this.#end += bytes.length;
    return new Promise((resolve) => {
      this.#waiting.push({
        bytes,
        settle: () => {
          resolve(offset);
        },
      });
      if (!this.#busy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#log.writev(group.map(({ bytes }) => bytes));
      await this.#log.datasync();
      await this.#log.datasync();
      for (const { settle } of group) settle();
    }
    this.#busy = false;
  }
}

async function gather(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function writeGathered(file: FileHandle, body: AsyncIterable<Uint8Array>): Promise<void> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    pieces.push(piece);
    length += piece.length;
    if (length < gatherLength) continue;
    await file.writev(pieces);
    pieces = [];
    length = 0;
  }
  if (length > 0) await file.writev(pieces);
}
