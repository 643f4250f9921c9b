import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import type { OperationName, OperationNameOf } from '@coffer/b2-schema';
import type { BlobStore, MetadataStore } from '@coffer/storage-ports';
import {
  faultyBlobStore,
  faultyMetadataStore,
  fixedClock,
  seededRandom,
  type FaultPlan,
  type FixedClock,
} from '@coffer/storage-testkit';
import assert from 'node:assert/strict';
import type { TestDependencies } from '../src/test-support/memory-dependencies.ts';
import { TestServer, type Answer } from '../src/test-support/test-server.ts';
import { validCalls, type ValidCalls } from '../src/test-support/valid-calls.ts';

/** A download that broke off. */
export interface Broken {
  readonly status: 'broken';
}

interface Stores {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
}

/** A server with something for every operation to do, over stores that fail while a plan is set. */
export class FaultScene {
  readonly server: TestServer;
  readonly clock: FixedClock;
  plan: FaultPlan | undefined;
  readonly #prepared: Prepared;
  readonly #dependencies: TestDependencies;

  private constructor(server: TestServer, clock: FixedClock, prepared: Prepared, dependencies: TestDependencies) {
    this.server = server;
    this.clock = clock;
    this.#prepared = prepared;
    this.#dependencies = dependencies;
  }

  static async open(stores: Stores): Promise<FaultScene> {
    const clock = fixedClock(1_700_000_000_000);
    const key = SecretBytes.copyOf(new Uint8Array(32).fill(9));
    const keys = new MemoryKeyProvider([{ id: 'gk_1', state: 'active', createdAt: 1, key }]);
    const dependencies = { ...stores, keys, clock, random: seededRandom('faults') };
    const opened: { scene?: FaultScene } = {};
    const switched: FaultPlan = { next: (operation) => opened.scene?.plan?.next(operation) };
    const metadata = faultyMetadataStore(stores.metadata, switched);
    const blobs = faultyBlobStore(stores.blobs, switched);
    const server = await TestServer.open({ ...dependencies, metadata, blobs }, options);
    opened.scene = new FaultScene(server, clock, await prepare(server), dependencies);
    return opened.scene;
  }

  /**
   * Another server over the same stores, or over them as opened again, without faults, after its recovery: as after a
   * restart.
   */
  async restarted(reopened: Partial<Stores> = {}): Promise<TestServer> {
    const server = await TestServer.open({ ...this.#dependencies, ...reopened }, options);
    await server.storage.recovery.recover();
    return server;
  }

  /** Calls an operation with what it succeeds with once. */
  async run(name: OperationName, server = this.server): Promise<Answer | Broken> {
    try {
      return await call(name, server, this.#prepared);
    } catch (error) {
      // An answer that had begun can only be cut off.
      assert.ok(
        name.startsWith('b2_download') && error instanceof Error && error.name === 'StorageError',
        String(error),
      );
      return { status: 'broken' };
    }
  }
}

const options = { storage: { inlineThreshold: 0 } };

type UploadOrDownload = OperationNameOf<'upload' | 'download'>;

interface UploadUrl {
  readonly uploadUrl: string;
  readonly authorizationToken: string;
}

/** What the calls need that is asked for before anything fails. */
interface Prepared {
  readonly json: ValidCalls;
  readonly fileUrl: UploadUrl;
  readonly partUrl: UploadUrl;
}

async function prepare(server: TestServer): Promise<Prepared> {
  const calls = await validCalls(server);
  return {
    json: calls,
    fileUrl: await server.ok('b2_get_upload_url', calls.b2_get_upload_url),
    partUrl: await server.ok('b2_get_upload_part_url', calls.b2_get_upload_part_url),
  };
}

/** The calls that are no JSON; a new operation does not compile without. */
const otherCalls: Readonly<Record<UploadOrDownload, (server: TestServer, prepared: Prepared) => Promise<Answer>>> = {
  b2_upload_file: (server, { fileUrl }) =>
    server.uploadTo(fileUrl, 'more content', { 'X-Bz-File-Name': 'new', 'Content-Type': 'text/plain' }),
  b2_upload_part: (server, { partUrl }) => server.uploadTo(partUrl, 'b'.repeat(12), { 'X-Bz-Part-Number': '1' }),
  b2_download_file_by_id: (server, { json }) =>
    server.download(`/b2api/v4/b2_download_file_by_id?fileId=${String(json.b2_get_file_info['fileId'])}`),
  b2_download_file_by_name: (server) => server.download('/file/bucket-full/kept'),
};

function call(name: OperationName, server: TestServer, prepared: Prepared): Promise<Answer> {
  if (name === 'b2_authorize_account')
    return server.send({ target: `/b2api/v4/${name}`, headers: { Authorization: server.masterBasic } });
  if (isOther(name)) return otherCalls[name](server, prepared);
  return server.call(name, prepared.json[name]);
}

function isOther(name: OperationName): name is UploadOrDownload {
  return Object.hasOwn(otherCalls, name);
}
