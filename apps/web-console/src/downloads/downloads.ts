import type { FileId } from '@coffer/b2-schema';
import { ClientError } from '@coffer/client';
import { violationMessage } from '@coffer/sse-schema';
import type { Session } from '../session/session.ts';
import { transfersOf } from '../transfers/transfers.ts';
import { describeError, type DescribedError } from '../ui/describe-error.ts';
import { dropBroughtKey, encryptionUnder, keepProvenKey, type DownloadKey } from './download-key.ts';
import type { DownloadableFile } from './downloadable-file.ts';
import { safeFileName } from './safe-file-name.ts';
import { fileSink, memorySink, pickFile, workerSink, type Sink } from './sinks.ts';

/** Files that are smaller may be held in memory. */
const smallBytes = 32 * 2 ** 20;

/** What is downloaded. */
export interface DownloadOrder {
  readonly bucketName: string;
  readonly file: DownloadableFile;
  /** Of a file under a customer key. */
  readonly key?: DownloadKey | undefined;
  /** Called if that is not the key of the file. */
  readonly onWrongKey?: (() => void) | undefined;
}

type OpenSink = (signal: AbortSignal) => Promise<Sink>;

/** Downloads a file, with its progress in the tray. To be called right when a button is pressed. */
export function startDownload(session: Session, order: DownloadOrder): void {
  const { file } = order;
  const name = safeFileName(file.fileName);
  // Asked for at once: the browser allows it only as an answer to what somebody did.
  const picked = file.contentLength < smallBytes ? undefined : pickFile(name);
  if (picked === undefined) {
    const openSink = (signal: AbortSignal) =>
      file.contentLength < smallBytes
        ? Promise.resolve(memorySink(name))
        : workerSink(name, file.contentLength, signal);
    list(session, order, openSink);
    return;
  }
  picked.then(
    (chosen) => {
      list(session, order, () => fileSink(chosen));
    },
    (error: unknown) => {
      // Who closes the dialog does not want the file.
      if (error instanceof DOMException && error.name === 'AbortError') {
        dropBroughtKey(order.key);
        return;
      }
      list(session, order, (signal) => workerSink(name, file.contentLength, signal));
    },
  );
}

function list(session: Session, order: DownloadOrder, openSink: OpenSink): void {
  const { file, bucketName } = order;
  const transfers = transfersOf(session);
  let stop = new AbortController();
  const run = (): void => {
    stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, session.ending.signal]);
    transfers.update(id, { state: 'running', bytes: 0, error: undefined, note: undefined });
    const received = receive(session, order, openSink, signal, (bytes, moved) => {
      transfers.update(id, { bytes, moved });
    });
    received
      .finally(() => {
        dropBroughtKey(order.key);
      })
      .then(
        (note) => {
          transfers.update(id, { state: 'done', note });
        },
        (error: unknown) => {
          if (stop.signal.aborted || isCancelled(error)) transfers.remove(id);
          else transfers.update(id, { state: 'failed', error: describeFailure(error, file) });
          if (isWrongKey(error, file)) order.onWrongKey?.();
        },
      );
  };
  const id = transfers.add(
    { kind: 'download', name: file.fileName, bucketName, total: file.contentLength },
    {
      retry: run,
      cancel: () => {
        stop.abort();
      },
    },
  );
  run();
}

/** Resolves with a remark on what was verified. */
async function receive(
  session: Session,
  { file, key }: DownloadOrder,
  openSink: OpenSink,
  signal: AbortSignal,
  onProgress: (bytes: number, moved: number) => void,
): Promise<string> {
  const { client, customerKeys } = session;
  const encryption = key && encryptionUnder(key, customerKeys);
  const fileId = file.fileId as FileId;
  const { stream, verified } = await client.download({ fileId, encryption, signal });
  signal.throwIfAborted();
  if (key) keepProvenKey(key, customerKeys);
  // Opened when it is sure that the server gives the file out.
  const sink = await openSink(signal).catch(async (error: unknown) => {
    await stream.cancel();
    throw error;
  });
  const both = AbortSignal.any([signal, sink.cancelled]);
  const reader = stream.getReader();
  try {
    let bytes = 0;
    let held: Uint8Array | undefined;
    for (;;) {
      both.throwIfAborted();
      // What is read last has been verified when the end is read. Until then it is held, so that no sink ever has all
      // of a file that is not what was stored.
      const next = await reader.read();
      if (held !== undefined) await sink.write(held);
      if (next.done) break;
      held = next.value;
      bytes += held.length;
      onProgress(bytes, held.length);
      // A download that goes on is a use of its key.
      if (key) customerKeys.encryption(key.id);
    }
    await sink.close();
    return verified === 'sha1' ? 'Downloaded, SHA-1 verified' : 'Downloaded';
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    await sink.abort().catch(() => undefined);
    both.throwIfAborted();
    throw error;
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** The refusal of a key that is not the file's says so in words; nothing that was saved stays. */
function describeFailure(error: unknown, file: DownloadableFile): DescribedError {
  const described = describeError(error);
  if (ClientError.is(error, 'checksum_mismatch')) {
    return { ...described, text: 'What arrived is not what was stored: the checksums differ. Nothing was saved.' };
  }
  if (isWrongKey(error, file)) {
    const id = file.fileInfo['sse_c_key_id'];
    const hint = id === undefined || id === '' ? '' : ` The file’s info names the key “${id}”.`;
    return { ...described, text: `This is not the customer key of the file.${hint}` };
  }
  return described;
}

/** Other refusals have the same code, such as that of a console which hands out nothing that is encrypted. */
function isWrongKey(error: unknown, { mode }: DownloadableFile): boolean {
  const isRefused = mode === 'SSE-C' && ClientError.is(error, 'access_denied');
  return isRefused && error.serverMessage === violationMessage('customer_key_wrong');
}
