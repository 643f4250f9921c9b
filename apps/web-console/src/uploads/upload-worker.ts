import type { FileId } from '@coffer/b2-schema';
import { SecretString } from '@coffer/bytes';
import {
  createClient,
  largeFileSha1Info,
  sseB2,
  sseC,
  type Client,
  type CustomerKeyEncryption,
  type FileEncryption,
} from '@coffer/client';
import { sameOriginFetch } from '../session/same-origin-fetch.ts';
import { describeError } from '../ui/describe-error.ts';
import { Gate } from './gate.ts';
import { pausableFetch } from './pausable-fetch.ts';
import { sendWithProgress } from './send-with-progress.ts';
import { SentBytes } from './sent-bytes.ts';
import { sha1WithProgress } from './sha1-with-progress.ts';
import type { FromWorker, ToWorker, UploadEncryption, UploadOrder } from './upload-messages.ts';

// Uploads for the page, so that hashing and sending never block it. Begun by `uploads.ts`.

const parallelParts = 4;
const reportMs = 200;
/** How long uploads have at the end of the session to remove what cannot be resumed. */
const endMs = 3_000;

/** One upload that is under way. */
interface Upload {
  readonly order: UploadOrder;
  readonly stop: AbortController;
  readonly gate: Gate;
  readonly sent: SentBytes;
  /** Resolves when it has ended in any way. */
  ended: Promise<void>;
}

interface Opened {
  readonly keyId: string;
  readonly key: SecretString;
  readonly origin: string;
  readonly isSecure: boolean;
  /** Tells the size of parts. */
  readonly client: Client;
}

let opened: Opened | undefined;
let isEnding = false;
const uploads = new Map<number, Upload>();
/** Clients that can be used again: each knows its token and upload URLs, and serves one upload at a time. */
const idle: { readonly client: Client; readonly use: (upload: Upload) => void }[] = [];

function tell(message: FromWorker): void {
  postMessage(message);
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case 'open':
      open(data);
      return;
    case 'upload':
      begin(data);
      return;
    case 'pause':
      uploads.get(data.id)?.gate.close();
      return;
    case 'resume':
      uploads.get(data.id)?.gate.open();
      return;
    case 'cancel':
      stop(uploads.get(data.id));
      return;
    case 'close':
      void end();
  }
});

function open({ keyId, key, origin, isSecure }: Extract<ToWorker, { kind: 'open' }>): void {
  const secret = SecretString.copyOfUtf8(key);
  key.fill(0);
  const client = createClient({ keyId, key: secret, url: origin, fetch: sameOriginFetch(origin) });
  opened = { keyId, key: secret, origin, isSecure, client };
}

/** What holds it is opened then: the client may have to remove what was begun. */
function stop(upload: Upload | undefined): void {
  upload?.stop.abort();
  upload?.gate.open();
}

/** Ends everything. What can be resumed stays for a later session. */
async function end(): Promise<void> {
  isEnding = true;
  const running = [...uploads.values()];
  running.forEach(stop);
  const limit = new Promise((resolve) => setTimeout(resolve, endMs));
  await Promise.race([Promise.all(running.map(({ ended }) => ended)), limit]);
  for (const { client } of idle) client.close();
  opened?.client.close();
  opened?.key.wipe();
  globalThis.close();
}

function begin(order: UploadOrder): void {
  const ended = Promise.resolve();
  const upload: Upload = { order, stop: new AbortController(), gate: new Gate(), sent: new SentBytes(), ended };
  uploads.set(order.id, upload);
  upload.ended = run(upload);
}

async function run(upload: Upload): Promise<void> {
  const { order } = upload;
  const { id } = order;
  const encryption = encryptionOf(order.encryption);
  const timer = setInterval(() => {
    report(upload);
  }, reportMs);
  try {
    await send(upload, encryption);
    report(upload);
    tell({ kind: 'done', id });
  } catch (error) {
    tell(upload.stop.signal.aborted ? { kind: 'cancelled', id } : { kind: 'failed', id, error: describeError(error) });
  } finally {
    clearInterval(timer);
    uploads.delete(id);
    if (encryption?.mode === 'SSE-C') encryption.customerKey.wipe();
  }
}

function encryptionOf(asked: UploadEncryption): FileEncryption | undefined {
  if (asked.mode === 'default') return undefined;
  if (asked.mode === 'SSE-B2') return sseB2();
  const encryption: CustomerKeyEncryption = sseC(asked.key, { id: asked.keyId });
  asked.key.fill(0);
  return encryption;
}

async function send(upload: Upload, encryption: FileEncryption | undefined): Promise<void> {
  const { order, stop, sent, gate } = upload;
  const { id, file, bucketId, fileName, isResumable } = order;
  const { signal } = stop;
  if (opened === undefined) throw new TypeError('The worker was not opened');
  const { recommendedPartSize } = await opened.client.account({ signal });
  const isLarge = file.size > recommendedPartSize;
  const fileInfo: Record<string, string> = { src_last_modified_millis: String(file.lastModified) };
  if (isLarge) {
    fileInfo[largeFileSha1Info] = await sha1WithProgress(file, gate, signal, (bytes) => {
      tell({ kind: 'checking', id, bytes });
    });
  }
  tell({ kind: 'progress', id, bytes: 0, sent: 0 });
  const taken = idle.pop() ?? clientWithGate(opened);
  taken.use(upload);
  let begun: FileId | undefined;
  try {
    await taken.client.upload({
      ...{ bucketId, fileName, data: file, fileInfo, encryption, signal },
      ...{ parallel: parallelParts, resume: isResumable },
      onProgress: ({ bytes }) => {
        sent.stored(bytes);
      },
      onLargeFile: ({ fileId, begun: isNew, storedParts }) => {
        const isOwn = isNew || fileId === order.begunFile;
        if (isOwn) begun = fileId;
        tell({ kind: 'large', id, fileId, isOwn, parts: storedParts });
      },
    });
  } catch (error) {
    // The client keeps what can be resumed. Who cancels does not want it any more, unless it was there before.
    const fileId = begun;
    if (signal.aborted && isResumable && !isEnding && fileId !== undefined) {
      await taken.client.api.cancelLargeFile({ fileId }).catch(() => undefined);
    }
    throw error;
  } finally {
    idle.push(taken);
  }
}

/** A client whose requests are held by the gate of the upload that it is used for, and counted there. */
function clientWithGate({ keyId, key, origin, isSecure }: Opened): (typeof idle)[number] {
  let present: Upload | undefined;
  const fetching = sameOriginFetch(origin, (url, init) => {
    const upload = present;
    if (upload === undefined) return fetch(url, init);
    const { gate, sent } = upload;
    const watch = (size: number) => sent.watch(size);
    return pausableFetch({ gate, watch, fetch: (to, given) => fetch(to, given), send: sendWithProgress })(url, init);
  });
  const client = createClient({
    ...{ keyId, key, url: origin, fetch: fetching },
    allowCustomerKeysOverHttp: isSecure,
  });
  return {
    client,
    use: (upload) => {
      present = upload;
    },
  };
}

function report({ order: { id }, sent, gate }: Upload): void {
  if (gate.isClosed) return;
  const moved = sent.takeSent();
  if (moved > 0) tell({ kind: 'progress', id, bytes: sent.bytes, sent: moved });
}
