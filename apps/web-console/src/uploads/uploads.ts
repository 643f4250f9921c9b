import type { BucketId, FileId } from '@coffer/b2-schema';
import { CustomerKey } from '@coffer/sse-schema';
import type { AskedEncryption } from '../customer-keys/asked-encryption.ts';
import { countOf } from '../format/bytes.ts';
import type { Session } from '../session/session.ts';
import { transfersOf, type Transfers } from '../transfers/transfers.ts';
import { ChosenKey } from './chosen-key.ts';
import { partsLeft, partsStay } from './parts-left.ts';
import type { FromWorker, ToWorker, UploadEncryption } from './upload-messages.ts';

/** A file to be uploaded, with the name that it gets. */
export interface UploadItem {
  readonly file: File;
  readonly fileName: string;
}

interface Target {
  readonly bucketId: BucketId;
  readonly bucketName: string;
}

interface Upload {
  /** Of its transfer. */
  id: number;
  /** Of the attempt that the worker makes: what it says of an earlier one does not count any more. */
  order: number;
  readonly item: UploadItem;
  readonly target: Target;
  readonly encryption: AskedEncryption;
  /** Of one with SSE-C; undefined if the tab does not know the key (any more). */
  key: ChosenKey | undefined;
  /** Whether it goes on with a large file that was there before. */
  isContinued: boolean;
  /** The large file that it has begun itself. */
  begunFile: FileId | undefined;
  /** `held`: the worker has it, and it is paused. */
  place: 'queue' | 'worker' | 'held' | 'nowhere';
}

const atOnce = 3;
const storedMs = 1_000;

/** The uploads of a session: a queue, of which a worker performs some at a time. */
export class Uploads {
  readonly #session: Session;
  readonly #transfers: Transfers;
  readonly #onStored: (bucketId: BucketId) => void;
  readonly #queue = new Set<Upload>();
  /** What has neither ended nor failed. */
  readonly #open = new Set<Upload>();
  /** What the worker has, by the number of the order; paused ones, too. */
  readonly #ordered = new Map<number, Upload>();
  /** Those that were chosen and are not wiped yet. */
  readonly #keys = new Set<ChosenKey>();
  #running = 0;
  #nextOrder = 1;
  readonly #storedIn = new Set<BucketId>();
  #worker: Worker | undefined;
  #storedTimer: ReturnType<typeof setTimeout> | undefined;

  /** `onStored` is called, some time after files of a bucket have been stored. */
  constructor(session: Session, onStored: (bucketId: BucketId) => void) {
    this.#session = session;
    this.#transfers = transfersOf(session);
    this.#onStored = onStored;
    session.customerKeys.subscribe(() => {
      this.#endWithoutKeys();
    });
    session.ending.signal.addEventListener('abort', () => {
      this.#end();
    });
  }

  /** Puts files at the end of the queue. A customer key is copied now. */
  add(items: readonly UploadItem[], target: Target, encryption: AskedEncryption): void {
    const key = this.#chosenKey(encryption);
    for (const item of items) {
      const upload: Upload = {
        id: 0,
        order: 0,
        item,
        target,
        encryption,
        key,
        isContinued: false,
        begunFile: undefined,
        place: 'queue',
      };
      key?.hold(upload);
      upload.id = this.#transfers.add(
        { kind: 'upload', name: item.fileName, bucketName: target.bucketName, total: item.file.size },
        {
          pause: () => {
            this.#pause(upload);
          },
          resume: () => {
            this.#enqueue(upload);
          },
          retry: () => {
            this.#enqueue(upload);
          },
          cancel: () => {
            this.#cancel(upload);
          },
        },
      );
      this.#open.add(upload);
      this.#queue.add(upload);
    }
    this.#fill();
  }

  /** Begins what there is room for. */
  #fill(): void {
    for (const upload of this.#queue) {
      if (this.#running >= atOnce) return;
      this.#queue.delete(upload);
      this.#begin(upload);
    }
  }

  #begin(upload: Upload): void {
    const { id, item, target, encryption } = upload;
    if (upload.place === 'held') {
      this.#move(upload, 'worker');
      this.#transfers.update(id, { state: this.#transfers.get(id)?.isChecking === true ? 'checking' : 'running' });
      this.#post({ kind: 'resume', id: upload.order });
      return;
    }
    const forWorker = this.#encryptionFor(upload);
    if (forWorker === undefined) {
      this.#fail(upload, keyIsGone(encryption));
      return;
    }
    this.#move(upload, 'worker');
    upload.order = this.#nextOrder++;
    this.#ordered.set(upload.order, upload);
    this.#transfers.update(id, {
      ...{ state: 'running', bytes: 0, isChecking: false },
      ...{ note: undefined, error: undefined },
    });
    // Only with a key of the server it is certain that the parts which are there are encrypted as the others will be.
    const isResumable = encryption.mode !== 'SSE-C' && this.#session.rights.has('listFiles');
    const { file, fileName } = item;
    const order = {
      id: upload.order,
      file,
      bucketId: target.bucketId,
      fileName,
      isResumable,
      begunFile: upload.begunFile,
    };
    const moved = forWorker.mode === 'SSE-C' ? [forWorker.key.buffer] : [];
    this.#post({ kind: 'upload', ...order, encryption: forWorker }, moved);
  }

  #move(upload: Upload, place: Upload['place']): void {
    this.#running += Number(place === 'worker') - Number(upload.place === 'worker');
    upload.place = place;
  }

  /** Undefined if the tab does not know the key any more. */
  #encryptionFor(upload: Upload): UploadEncryption | undefined {
    const { encryption } = upload;
    if (encryption.mode !== 'SSE-C') return encryption;
    if (upload.key?.isKept !== true) {
      // It was forgotten. Who tries again after that has added it again.
      upload.key = this.#chosenKey(encryption);
      upload.key?.hold(upload);
    }
    this.#touchKey(upload);
    return upload.key && { mode: 'SSE-C', keyId: upload.key.id, key: upload.key.bytes() };
  }

  /** A copy of the key that the tab knows by this id now. */
  #chosenKey(chosen: AskedEncryption): ChosenKey | undefined {
    if (chosen.mode !== 'SSE-C' || chosen.keyId === undefined) return undefined;
    const known = this.#session.customerKeys.encryption(chosen.keyId);
    if (known === undefined) return undefined;
    const copy = known.customerKey.key.expose((bytes) => CustomerKey.fromBytes(bytes));
    const key = new ChosenKey(chosen.keyId, copy);
    this.#keys.add(key);
    return key;
  }

  /** The upload will not be tried again. */
  #letGoOfKey(upload: Upload): void {
    const { key } = upload;
    if (key === undefined) return;
    key.letGo(upload);
    if (!key.isKept) this.#keys.delete(key);
  }

  #enqueue(upload: Upload): void {
    if (upload.place === 'worker' || this.#queue.has(upload)) return;
    if (upload.place === 'nowhere') this.#move(upload, 'queue');
    this.#open.add(upload);
    this.#transfers.update(upload.id, { state: 'waiting', error: undefined });
    this.#queue.add(upload);
    this.#fill();
  }

  #pause(upload: Upload): void {
    const { id, place, order } = upload;
    if (place === 'worker') {
      this.#move(upload, 'held');
      this.#post({ kind: 'pause', id: order });
    } else if (!this.#queue.delete(upload)) {
      return;
    }
    this.#transfers.update(id, { state: 'paused' });
    this.#fill();
  }

  #cancel(upload: Upload): void {
    const wasInWorker = upload.place === 'worker' || upload.place === 'held';
    const isBeforeParts = !wasInWorker || this.#transfers.get(upload.id)?.isChecking === true;
    const mayHaveParts = isBeforeParts && (wasInWorker || upload.begunFile !== undefined);
    this.#cancelOrder(upload);
    this.#forget(upload);
    this.#letGoOfKey(upload);
    if (upload.isContinued) this.#transfers.update(upload.id, { state: 'cancelled', note: partsStay });
    else if (mayHaveParts) void this.#tellWhatStays(upload);
    else this.#transfers.remove(upload.id);
    this.#fill();
  }

  /**
   * For one that is cancelled before it has asked which parts are there. What it has begun itself in an earlier attempt
   * is removed; what others have begun of the name stays, and is told.
   */
  async #tellWhatStays({ id, begunFile, item, target, encryption }: Upload): Promise<void> {
    this.#transfers.update(id, { state: 'cancelled', isChecking: false, bytes: 0 });
    const { client, rights } = this.#session;
    const isResumable = encryption.mode !== 'SSE-C' && rights.has('listFiles');
    const note = await partsLeft(client, {
      ...{ bucketId: target.bucketId, fileName: item.fileName, begunFile },
      isSearched: isResumable,
    });
    if (note === undefined) this.#transfers.remove(id);
    else this.#transfers.update(id, { note });
  }

  #fail(upload: Upload, text: string, details?: string): void {
    this.#forget(upload);
    const error = details === undefined ? { text } : { text, details };
    this.#transfers.update(upload.id, { state: 'failed', error });
  }

  #cancelOrder({ place, order }: Upload): void {
    if (place === 'worker' || place === 'held') this.#post({ kind: 'cancel', id: order });
  }

  #forget(upload: Upload): void {
    this.#move(upload, 'nowhere');
    this.#queue.delete(upload);
    this.#open.delete(upload);
    this.#ordered.delete(upload.order);
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker ??= this.#openWorker();
    this.#worker.postMessage(message, transfer);
  }

  #openWorker(): Worker {
    const { keyId, key } = this.#session;
    const worker = new Worker(new URL('./upload-worker.ts', import.meta.url), { type: 'module', name: 'uploads' });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      this.#take(data);
    };
    worker.onerror = () => {
      this.#failAll();
    };
    const bytes = key.exposeBytes((text) => Uint8Array.from(text));
    const open: ToWorker = {
      kind: 'open',
      keyId,
      key: bytes,
      origin: globalThis.location.origin,
      isSecure: isSecureContext,
    };
    worker.postMessage(open, [bytes.buffer]);
    return worker;
  }

  #take(message: FromWorker): void {
    const upload = this.#ordered.get(message.id);
    if (upload === undefined) return;
    const { id } = upload;
    const isPaused = upload.place === 'held';
    switch (message.kind) {
      case 'checking':
        this.#touchKey(upload);
        this.#transfers.update(id, {
          ...{ bytes: message.bytes, isChecking: true },
          ...(!isPaused && { state: 'checking' }),
        });
        return;
      case 'progress':
        this.#touchKey(upload);
        this.#transfers.update(id, {
          ...{ bytes: message.bytes, isChecking: false, moved: message.sent },
          ...(!isPaused && { state: 'running' }),
        });
        return;
      case 'large':
        upload.isContinued = !message.isOwn;
        if (message.isOwn) upload.begunFile = message.fileId;
        if (message.parts === 0) return;
        this.#transfers.update(id, {
          note: `${countOf(message.parts, 'part')} ${message.parts === 1 ? 'is' : 'are'} already there`,
        });
        return;
      case 'done':
        this.#forget(upload);
        this.#letGoOfKey(upload);
        this.#transfers.update(id, { state: 'done' });
        this.#tellStored(upload.target.bucketId);
        break;
      case 'failed':
        this.#fail(upload, message.error.text, message.error.details);
        break;
      case 'cancelled':
        this.#forget(upload);
        this.#letGoOfKey(upload);
        this.#transfers.remove(id);
    }
    this.#fill();
  }

  /** An upload that goes on is a use of its key. */
  #touchKey({ encryption }: Upload): void {
    if (encryption.mode === 'SSE-C') this.#session.customerKeys.encryption(encryption.keyId ?? '');
  }

  #endWithoutKeys(): void {
    const known = new Set(this.#session.customerKeys.known().map(({ id }) => id));
    for (const key of this.#keys) {
      if (known.has(key.id)) continue;
      key.wipe();
      this.#keys.delete(key);
    }
    for (const upload of [...this.#open]) {
      const { encryption } = upload;
      if (encryption.mode !== 'SSE-C' || known.has(encryption.keyId ?? '')) continue;
      this.#cancelOrder(upload);
      this.#fail(upload, keyIsGone(encryption));
    }
    this.#fill();
  }

  #failAll(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const upload of [...this.#open]) {
      this.#fail(upload, 'The part of this page that uploads has failed. Try again, or load the page again.');
    }
  }

  #tellStored(bucketId: BucketId): void {
    this.#storedIn.add(bucketId);
    this.#storedTimer ??= setTimeout(() => {
      this.#storedTimer = undefined;
      for (const stored of this.#storedIn) this.#onStored(stored);
      this.#storedIn.clear();
    }, storedMs);
  }

  #end(): void {
    clearTimeout(this.#storedTimer);
    this.#queue.clear();
    this.#open.clear();
    this.#ordered.clear();
    for (const key of this.#keys) key.wipe();
    this.#keys.clear();
    // It wipes its keys, and ends itself.
    this.#worker?.postMessage({ kind: 'close' } satisfies ToWorker);
    this.#worker = undefined;
  }
}

function keyIsGone(encryption: AskedEncryption): string {
  const id = encryption.mode === 'SSE-C' ? (encryption.keyId ?? '') : '';
  return `This tab has forgotten the customer key “${id}”. Add it again, and try again.`;
}

const ofSessions = new WeakMap<Session['client'], Uploads>();

/** The uploads of a session. `onStored` counts when it is called the first time. */
export function uploadsOf(session: Session, onStored: (bucketId: BucketId) => void): Uploads {
  const known = ofSessions.get(session.client);
  if (known !== undefined) return known;
  const made = new Uploads(session, onStored);
  ofSessions.set(session.client, made);
  return made;
}
