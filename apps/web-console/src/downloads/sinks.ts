import { saveBlob } from '../customer-keys/save-blob.ts';
import { goToDownload } from '../ui/before-unload.ts';

/** Where the bytes of a download go. */
export interface Sink {
  /** Takes a piece; resolves when there is room for the next one. */
  write(piece: Uint8Array): Promise<void>;
  /** The content is complete and verified: only now there is a file. */
  close(): Promise<void>;
  /** There will be no file. */
  abort(): Promise<void>;
  /** Aborted if the browser's own list of downloads ends it. */
  readonly cancelled: AbortSignal;
}

const never = new AbortController().signal;

/** Keeps a small file in memory until it is verified, and then has the browser save it. */
export function memorySink(name: string): Sink {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  return {
    cancelled: never,
    write: (piece) => {
      pieces.push(Uint8Array.from(piece));
      return Promise.resolve();
    },
    close: () => {
      // Not the type of the stored file: the browser shall save it, and never show it.
      saveBlob(name, new Blob(pieces, { type: 'application/octet-stream' }));
      pieces = [];
      return Promise.resolve();
    },
    abort: () => {
      pieces = [];
      return Promise.resolve();
    },
  };
}

/** What of File System Access is used; it is not in the types of browsers yet. */
interface SavedFile {
  readonly createWritable: () => Promise<FileSystemWritableFileStream>;
  readonly getFile: () => Promise<File>;
  readonly remove?: () => Promise<void>;
}

type SavePicker = (options: { readonly suggestedName: string }) => Promise<SavedFile>;

/** Asks where a file is to be saved; undefined if this browser cannot. Only right after something was pressed. */
export function pickFile(name: string): Promise<SavedFile> | undefined {
  const picker = (globalThis as { showSaveFilePicker?: SavePicker }).showSaveFilePicker;
  return picker?.({ suggestedName: name });
}

/** Writes into a file that somebody chose. What was in it stays until the sink is closed. */
export async function fileSink(file: SavedFile): Promise<Sink> {
  const stream = await file.createWritable();
  return {
    cancelled: never,
    write: (piece) => stream.write(piece as Uint8Array<ArrayBuffer>),
    close: () => stream.close(),
    abort: async () => {
      await stream.abort();
      // The dialog has made an empty file, unless there was one.
      if ((await file.getFile()).size === 0) await file.remove?.();
    },
  };
}

const takenMs = 20_000;
const keepAwakeMs = 10_000;

/** Resolves when the browser has taken, or not taken, the download before. */
let turn = Promise.resolve();

/**
 * Has the browser save a stream as one of its own downloads, by a service worker that answers with it. The browser asks
 * for each piece when it has room for it. One begins after the other: a page that goes to two addresses at once comes
 * only to the last one.
 *
 * @throws TypeError if this browser has no service workers, or does not take the download.
 */
export async function workerSink(name: string, size: number, signal: AbortSignal): Promise<Sink> {
  const worker = await activeWorker();
  const before = turn;
  let endTurn = (): void => undefined;
  turn = new Promise((resolve) => {
    endTurn = resolve;
  });
  try {
    await before;
    signal.throwIfAborted();
    return await handOver(worker, name, size, endTurn);
  } catch (error) {
    endTurn();
    throw error;
  }
}

/** `onTaken` is called when the browser has begun to read, or has not within some seconds. */
async function handOver(worker: ServiceWorker, name: string, size: number, onTaken: () => void): Promise<Sink> {
  const id = crypto.randomUUID();
  const { port1: port, port2 } = new MessageChannel();
  const cancelling = new AbortController();
  const demand = new Demand();
  const ready = new Promise<void>((resolve) => {
    port.onmessage = ({ data }) => {
      if (data === 'ready') resolve();
      else if (data === 'pull') {
        demand.add();
        onTaken();
      } else if (data === 'cancelled') cancelling.abort(new DOMException('Cancelled by the browser', 'AbortError'));
    };
  });
  const taken = new Promise<never>((_, reject) => {
    setTimeout(() => {
      onTaken();
      if (!demand.hasCome) reject(new TypeError('The browser did not take the download.'));
    }, takenMs);
  });
  taken.catch(() => undefined);
  worker.postMessage({ id, name, size }, [port2]);
  const awake = setInterval(() => {
    worker.postMessage('awake');
  }, keepAwakeMs);
  await Promise.race([ready, taken]);
  goToDownload(`/downloads/${id}`);
  const end = (message: 'end' | 'failed'): Promise<void> => {
    clearInterval(awake);
    port.postMessage(message);
    return Promise.resolve();
  };
  return {
    cancelled: cancelling.signal,
    write: async (piece) => {
      await Promise.race([demand.take(cancelling.signal), taken]);
      const copy = Uint8Array.from(piece);
      port.postMessage(copy, [copy.buffer]);
    },
    close: () => end('end'),
    abort: () => end('failed'),
  };
}

/** Pieces that were asked for and not given yet. */
class Demand {
  #count = 0;
  #waiting: (() => void) | undefined;
  hasCome = false;

  add(): void {
    this.#count++;
    this.hasCome = true;
    this.#waiting?.();
  }

  async take(signal: AbortSignal): Promise<void> {
    while (this.#count === 0) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    }
    signal.throwIfAborted();
    this.#count--;
  }
}

async function activeWorker(): Promise<ServiceWorker> {
  if (!('serviceWorker' in navigator)) {
    throw new TypeError('This browser cannot save large files from here. Use the b2 tool, or another browser.');
  }
  const options = { scope: '/downloads/', updateViaCache: 'none' } as const;
  const registration = await navigator.serviceWorker.register('/download-worker.js', options);
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (worker === null) throw new TypeError('The browser did not start what saves large files.');
  if (worker.state === 'activated') return worker;
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new TypeError('The browser did not start what saves large files.'));
    });
  });
  return worker;
}
