import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import {
  faultyBlobStore,
  faultyMetadataStore,
  fixedClock,
  seededRandom,
  type FaultPlan,
  type FixedClock,
} from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import assert from 'node:assert/strict';
import { TestServer, type Answer, type ServerRequest } from '../src/test-support/test-server.ts';
import { buckets, requestOf, signedNames, validCalls, type ValidCalls } from '../src/test-support/valid-requests.ts';
import { formRequest } from './form-request.ts';
import { copyStores, type Stores } from './prepared-stores.ts';

/** An answer whose body broke off. */
export interface Broken {
  readonly status: 'broken';
}

/** Every operation, and the deletion of a version, which its name has in common with hiding. */
export const cases = [...signedNames, 'PostObject', 'DeleteObject of a version'] as const;
export type Case = (typeof cases)[number];

/** Whether it is an operation that reads an object's bytes. */
const readsBytes: ReadonlySet<Case> = new Set<Case>(['GetObject']);

const options = { storage: { inlineThreshold: 0 } };
const start = 1_700_000_000_000;
const keyBytes = new Uint8Array(32).fill(9);

function keyProvider(): MemoryKeyProvider {
  return new MemoryKeyProvider([{ id: 'gk_1', state: 'active', createdAt: 1, key: SecretBytes.copyOf(keyBytes) }]);
}

function memoryStores(): Stores {
  return { metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() };
}

/** Stores with something for every operation to succeed on, which scenes begin with copies of. */
export class PreparedStores {
  readonly stores: Stores;
  readonly calls: ValidCalls;
  readonly deletedId: string;

  private constructor(stores: Stores, calls: ValidCalls, deletedId: string) {
    this.stores = stores;
    this.calls = calls;
    this.deletedId = deletedId;
  }

  static async make(): Promise<PreparedStores> {
    const stores = memoryStores();
    const clock = fixedClock(start);
    const random = seededRandom('prepared');
    const server = await TestServer.open({ ...stores, keys: keyProvider(), clock, random }, options);
    const calls = await validCalls(server);
    // So that there is something to remove.
    const { bucket = '', key = '', query = {} } = calls.AbortMultipartUpload;
    const target = `/${bucket}/${key}?partNumber=1&uploadId=${query['uploadId'] ?? ''}`;
    await server.ok({ method: 'PUT', target, body: 'a part' });
    const { headers } = await server.ok({ method: 'HEAD', target: `/${buckets.full}/in/deleted` });
    return new PreparedStores(stores, calls, headers.get('x-amz-version-id') ?? '');
  }
}

/** A server over stores that fail while a plan is set. */
export class FaultScene {
  readonly server: TestServer;
  readonly clock: FixedClock;
  plan: FaultPlan | undefined;
  readonly #prepared: PreparedStores;
  readonly #stores: Stores;

  private constructor(server: TestServer, clock: FixedClock, prepared: PreparedStores, stores: Stores) {
    this.server = server;
    this.clock = clock;
    this.#prepared = prepared;
    this.#stores = stores;
  }

  /** Copies what was prepared into empty stores. */
  static async open(prepared: PreparedStores, stores = memoryStores()): Promise<FaultScene> {
    await copyStores(prepared.stores, stores);
    const clock = fixedClock(start + 1_000);
    const opened: { scene?: FaultScene } = {};
    const switched: FaultPlan = { next: (operation) => opened.scene?.plan?.next(operation) };
    const metadata = faultyMetadataStore(stores.metadata, switched);
    const blobs = faultyBlobStore(stores.blobs, switched);
    const random = seededRandom('faults');
    const server = await TestServer.open({ metadata, blobs, keys: keyProvider(), clock, random }, options);
    opened.scene = new FaultScene(server, clock, prepared, stores);
    return opened.scene;
  }

  /** Another server over the same stores, or over them as opened again, without faults and recovered. */
  async restarted(reopened: Partial<Stores> = {}): Promise<TestServer> {
    const { clock } = this;
    const dependencies = { ...this.#stores, ...reopened, keys: keyProvider(), clock, random: seededRandom('again') };
    const server = await TestServer.open(dependencies, options);
    await server.storage.recovery.recover();
    return server;
  }

  /** Sends a request that succeeds once. */
  async run(name: Case): Promise<Answer | Broken> {
    try {
      return await this.server.send(this.#requestOf(name));
    } catch (error) {
      // An answer that had begun can only be cut off.
      const isCut = error instanceof Error && error.name === 'StorageError';
      assert.ok(readsBytes.has(name) && isCut, String(error));
      return { status: 'broken' };
    }
  }

  #requestOf(name: Case): ServerRequest {
    const { calls, deletedId } = this.#prepared;
    if (name === 'PostObject') return formRequest(this.server, buckets.full, 'in/form', 'content of a form');
    if (name !== 'DeleteObject of a version') return requestOf(name, calls[name]);
    return requestOf('DeleteObject', { ...calls.DeleteObject, query: { versionId: deletedId } });
  }
}
