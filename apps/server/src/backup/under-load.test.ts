import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { call, customerKeyHeaders, uploadHeaders, type Session } from '../test-support/b2-calls.ts';
import { CliServer, isReady } from '../test-support/cli-server.ts';
import { runCommand } from '../test-support/run-command.ts';
import { testPlaces } from '../test-support/temporary-place.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);

const customerKey = customerKeyHeaders(Buffer.alloc(32, 7));
const sseB2 = { 'X-Bz-Server-Side-Encryption': 'AES256' };
const modes: readonly Readonly<Record<string, string>>[] = [{}, sseB2, customerKey];

interface Written {
  readonly name: string;
  readonly fileId: string;
  readonly data: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const fileIdIn = (bytes: Buffer) => (JSON.parse(bytes.toString()) as { readonly fileId: string }).fileId;

/** Clients that upload, finish large files and delete, until they are told to stop. */
class Load {
  readonly #session: Session;
  readonly #bucketId: string;
  /** Acknowledged, and not asked to be deleted. */
  readonly written = new Map<string, Written>();
  /** Whose deletion was acknowledged. */
  readonly deleted = new Set<string>();
  operations = 0;
  #stopped = false;
  #count = 0;

  constructor(session: Session, bucketId: string) {
    this.#session = session;
    this.#bucketId = bucketId;
  }

  async run(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.#client()));
  }

  stop(): void {
    this.#stopped = true;
  }

  async #client(): Promise<void> {
    while (!this.#stopped) {
      const number = this.#count++;
      const headers = modes[number % modes.length]!;
      // Some in the metadata, some as blobs.
      if (number % 7 === 6) await this.#largeFile(`large-${number}`, headers);
      else await this.#upload(`file-${number}`, randomBytes(number % 2 === 0 ? 300 : 3_000), headers);
      if (number % 3 === 2) await this.#deleteOne();
      this.operations++;
    }
  }

  async #upload(name: string, data: Buffer, headers: Readonly<Record<string, string>>): Promise<void> {
    const { status, bytes } = await this.#session.upload(this.#bucketId, name, data, headers);
    expect(status).toBe(200);
    this.#note({ name, data, headers, fileId: fileIdIn(bytes) });
  }

  async #largeFile(name: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const session = this.#session;
    const fields = { bucketId: this.#bucketId, fileName: name, contentType: 'text/plain' };
    const { fileId } = await session.api('b2_start_large_file', { ...fields, ...encryptionOf(headers) });
    const parts = [randomBytes(2_000), randomBytes(500)];
    for (const [index, data] of parts.entries()) {
      const url = await session.api('b2_get_upload_part_url', { fileId });
      const answer = await call(String(url['uploadUrl']), {
        method: 'POST',
        body: data,
        headers: {
          ...uploadHeaders(String(url['authorizationToken']), name, data),
          ...(headers === customerKey ? headers : {}),
          'X-Bz-Part-Number': String(index + 1),
        },
      });
      expect(answer.status).toBe(200);
    }
    const partSha1Array = parts.map((data) => createHash('sha1').update(data).digest('hex'));
    await session.api('b2_finish_large_file', { fileId, partSha1Array });
    this.#note({ name, data: Buffer.concat(parts), headers, fileId: String(fileId) });
  }

  async #deleteOne(): Promise<void> {
    const [oldest] = this.written.values();
    if (oldest === undefined) return;
    const { name, fileId } = oldest;
    this.written.delete(fileId);
    await this.#session.api('b2_delete_file_version', { fileName: name, fileId });
    this.deleted.add(fileId);
  }

  #note(written: Written): void {
    this.written.set(written.fileId, written);
  }
}

function encryptionOf(headers: Readonly<Record<string, string>>): object {
  if (headers === sseB2) return { serverSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' } };
  if (headers !== customerKey) return {};
  const [algorithm, key, md5] = Object.values(headers);
  return { serverSideEncryption: { mode: 'SSE-C', algorithm, customerKey: key, customerKeyMd5: md5 } };
}

/** What is read back of a file; its status where that is not 200. */
async function readBack({ apiUrl, token }: Session, { fileId, headers }: Written): Promise<Buffer | number> {
  const url = `${apiUrl}/b2api/v2/b2_download_file_by_id?fileId=${fileId}`;
  const key = headers === customerKey ? headers : {};
  const { status, bytes } = await call(url, { headers: { Authorization: token, ...key } });
  return status === 200 ? bytes : status;
}

async function listed(session: Session, bucketId: string): Promise<readonly string[]> {
  const answer = await session.api('b2_list_file_versions', { bucketId, maxFileCount: 10_000 });
  return (answer['files'] as readonly { readonly fileId: string; readonly action: string }[])
    .filter(({ action }) => action === 'upload')
    .map(({ fileId }) => fileId);
}

/** Works on a server, takes backups beside the work, and gives what each must have. */
async function workAndBackUp(root: string, session: Session, count: number) {
  const bucketId = await session.createBucket('bucket-one');
  const load = new Load(session, bucketId);
  const working = load.run(4);
  onTestFinished(() => {
    load.stop();
  });
  const backups = [];
  for (let number = 0; number < count; number++) {
    const target = load.operations + 25;
    // Whichever comes first: so many operations, or one that fails.
    await Promise.race([working, expect.poll(() => load.operations, { interval: 5 }).toBeGreaterThan(target)]);
    const before = { written: [...load.written.values()], deleted: [...load.deleted] };
    const taken = await runCommand('backup', join(root, 'backups'), '--data', join(root, 'data'));
    expect(taken).toMatchObject({ code: 0 });
    backups.push({ path: taken.stdout.trim(), before, after: new Set(load.written.keys()), deleted: load.deleted });
  }
  load.stop();
  await working;
  return { bucketId, backups };
}

type Backup = Awaited<ReturnType<typeof workAndBackUp>>['backups'][number];

/**
 * Of what was there before the backup, only what was deleted beside it may be missing; all that is listed reads back.
 */
async function checkRestored(session: Session, bucketId: string, { before, after }: Backup): Promise<void> {
  const files = new Set(await listed(session, bucketId));
  for (const written of before.written) {
    if (!files.has(written.fileId)) expect(after.has(written.fileId)).toBe(false);
    else expect(await readBack(session, written)).toEqual(written.data);
  }
  for (const fileId of before.deleted) expect(files.has(fileId)).toBe(false);
  // Those made beside it, too, are whole: their bytes are read and opened.
  const known = new Map(before.written.map((written) => [written.fileId, written]));
  for (const fileId of files)
    if (!known.has(fileId)) {
      const answers = await Promise.all(
        [{}, customerKey].map((headers) => readBack(session, { fileId, headers } as Written)),
      );
      expect(answers.some((answer) => typeof answer !== 'number')).toBe(true);
    }
}

describe('a backup under load, restored, has every write that was acknowledged before it began', () => {
  // The servers are processes of their own: LMDB waits for a commit that is under way, and that of this process would
  // wait for this thread.
  async function serve(root: string, name: string, workers: string): Promise<CliServer> {
    const server = new CliServer([
      ...['--data', join(root, name), '--keys', join(root, 'keys'), '--workers', workers],
      ...['--inline-threshold', '1000', '--minimum-part-size', '500'],
    ]);
    onTestFinished(async () => {
      await server.end('SIGKILL');
    });
    await server.ready();
    await isReady(server);
    return server;
  }

  it.each([
    { server: 'one process', workers: '1', count: 2 },
    { server: 'two workers', workers: '2', count: 1 },
  ])('of a server with $server', { timeout: 180_000 }, async ({ workers, count }) => {
    const root = await temporaryDirectory();
    const server = await serve(root, 'data', workers);
    const { bucketId, backups } = await workAndBackUp(root, await server.session(), count);
    await server.end('SIGTERM');
    for (const [number, backup] of backups.entries()) {
      const name = `restored-${number}`;
      expect((await runCommand('backup', '--check', backup.path)).code).toBe(0);
      expect((await runCommand('restore', backup.path, '--data', join(root, name))).code).toBe(0);
      const restored = await serve(root, name, workers);
      await checkRestored(await restored.session(), bucketId, backup);
      await restored.end('SIGTERM');
    }
  });
});
