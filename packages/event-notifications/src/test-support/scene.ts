import { headerMetadataSize } from '@coffer/b2-schema';
import { SecretBytes, SecretString, streamOf } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { createStorage, type NotificationRuleSettings, type Storage } from '@coffer/storage-core';
import type { BlobStore, FileVersionRecord, MetadataStore } from '@coffer/storage-ports';
import { fixedClock, seededRandom, type FixedClock } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { createDeliveryWorker, type DeliveryEvent, type DeliveryOptions, type DeliveryWorker } from '../index.ts';

export const secret = 'abcdefghijABCDEFGHIJ012345678901';

export interface Stores {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
}

/** A storage with a bucket, and workers over its outbox. */
export class Scene {
  readonly storage: Storage;
  readonly clock: FixedClock;
  readonly deliveries: DeliveryEvent[] = [];
  readonly errors: unknown[] = [];
  bucketId = '';
  static #scenes = 0;

  private constructor(stores: Stores, clock: FixedClock) {
    this.clock = clock;
    const key = SecretBytes.copyOf(new Uint8Array(32).fill(7));
    const keys = new MemoryKeyProvider([{ id: 'gk_1', state: 'active', createdAt: 1, key }]);
    this.storage = createStorage({
      ...stores,
      keys,
      clock,
      metadataSize: headerMetadataSize,
      random: seededRandom(`scene ${Scene.#scenes++}`),
    });
  }

  static async open(stores: Stores = { metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() }) {
    const scene = new Scene(stores, fixedClock(1_700_000_000_000));
    const { accountId } = await scene.storage.accounts.bootstrap();
    const [found] = await scene.storage.buckets.list({ accountId });
    const bucket =
      found ?? (await scene.storage.buckets.create({ accountId, name: 'my-bucket', type: 'allPrivate', settings: {} }));
    scene.bucketId = bucket.bucketId;
    return scene;
  }

  worker(options: Partial<DeliveryOptions> = {}): DeliveryWorker {
    return createDeliveryWorker({
      outbox: this.storage.outbox,
      clock: this.clock,
      random: seededRandom(`worker ${Scene.#scenes++}`),
      addresses: { allow: ['127.0.0.1'], allowHttp: true },
      onDelivery: (event) => this.deliveries.push(event),
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  async setRules(...rules: readonly Partial<NotificationRuleSettings>[]): Promise<void> {
    await this.storage.notifications.setRules(
      this.bucketId,
      rules.map((changes) => ({
        name: 'my-rule',
        eventTypes: ['b2:ObjectCreated:*'],
        objectNamePrefix: '',
        isEnabled: true,
        maxEventsPerBatch: 1,
        target: target('https://example.com/'),
        ...changes,
      })),
    );
  }

  upload(name: string, text = 'content'): Promise<FileVersionRecord> {
    const data = new TextEncoder().encode(text);
    return this.storage.files.upload(
      { bucketId: this.bucketId, name, contentType: 'text/plain', fileInfo: {} },
      { body: { stream: streamOf(data), length: data.length }, sha1: { kind: 'unverified' } },
    );
  }

  /** Whether anything is left to be delivered. */
  async hasPending(): Promise<boolean> {
    return (await this.storage.outbox.pending()).length > 0;
  }
}

export function target(url: string, headers?: Readonly<Record<string, string>>): NotificationRuleSettings['target'] {
  const customHeaders = Object.entries(headers ?? {}).map(([name, value]) => ({ name, value: SecretString.of(value) }));
  return { url, customHeaders: headers === undefined ? null : customHeaders, signingSecret: SecretString.of(secret) };
}
