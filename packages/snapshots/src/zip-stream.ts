import { makeZip } from 'client-zip';
import { withZip64End } from './zip64-end.ts';

/** A file, or with a name that ends with a slash a folder, to be stored in a ZIP file. */
export interface ZipEntry {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Absent of a folder. */
  readonly content?: AsyncIterable<Uint8Array>;
}

/**
 * A ZIP file of the entries, made while it is read: the same entries give the same bytes. Contents are stored as they
 * are. The content of an entry is read before the next entry is asked for. Errors of the entries and of their contents
 * pass through; leaving the stream early ends them.
 */
export async function* zipOf(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array, void> {
  const feed = new Feed(entries);
  try {
    yield* withZip64End(piecesOf(makeZip(feed.inputs())), () => feed.count);
  } finally {
    await feed.end();
  }
}

/** Hands the entries to client-zip, which would leave a content open where its own stream is left early. */
class Feed {
  count = 0;
  readonly #entries: AsyncIterator<ZipEntry>;
  #content: AsyncIterator<Uint8Array> | undefined;

  constructor(entries: AsyncIterable<ZipEntry>) {
    this.#entries = entries[Symbol.asyncIterator]();
  }

  /** Has only `next`, so that client-zip cannot throw something into the entries when its stream is left early. */
  inputs() {
    const nextInput = async () => {
      const next = await this.#entries.next();
      if (next.done === true) return { done: true, value: undefined } as const;
      this.count++;
      return { done: false, value: this.#inputOf(next.value) } as const;
    };
    return { [Symbol.asyncIterator]: () => ({ next: nextInput }) };
  }

  async end(): Promise<void> {
    await this.#content?.return?.();
    await this.#entries.return?.();
  }

  #inputOf({ name, modified, content }: ZipEntry) {
    const lastModified = localTimeOf(modified);
    if (content === undefined) return { name, lastModified };
    const iterator = content[Symbol.asyncIterator]();
    this.#content = iterator;
    return { name, lastModified, input: { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) } };
  }
}

async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

const earliest = Date.UTC(1980, 0, 1);
const latest = Date.UTC(2107, 11, 31, 23, 59, 58);

/**
 * A date whose local time is the UTC time of `milliseconds`. A ZIP file has times without a zone, and client-zip takes
 * the local one, with which the same files would give other bytes elsewhere.
 */
function localTimeOf(milliseconds: number): Date {
  const time = new Date(Math.min(Math.max(milliseconds, earliest), latest));
  return new Date(
    ...([time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()] as const),
    ...([time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()] as const),
  );
}
