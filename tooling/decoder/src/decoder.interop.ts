import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshEncryptions, type Encryptions } from '../../interop/src/harness/encryption.ts';
import { expectSameBytes } from '../../interop/src/harness/stored-files.ts';
import { withServer } from '../../interop/src/harness/with-server.ts';
import { B2Session } from './b2-session.ts';
import { customerKey, ExportedFile } from './exported-file.ts';
import { checkVectors, installDecoder } from './python-decoder.ts';

const exit = { unusable: 1, wrongKey: 3, notAuthentic: 4 };
const modes = ['none', 'sseB2', 'sseC1'] as const;
type Mode = (typeof modes)[number];

beforeAll(installDecoder);

test('the second decoder: golden vectors', async () => {
  const { code, stdout, stderr } = await checkVectors();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.toString()).toMatch(/^golden vectors: \d+ checks passed\n$/);
});

describe('the second decoder, beside a running server', () => {
  const server = withServer();
  const encryptions: Encryptions = freshEncryptions();
  let session: B2Session;
  let bucketId: string;
  beforeAll(async () => {
    session = await B2Session.authorize(server());
    bucketId = await session.createBucket('decoder');
  });

  async function small(mode: Mode, data: Buffer, name = 'small file'): Promise<ExportedFile> {
    return exported(await session.upload(bucketId, name, data, encryptions[mode]));
  }

  async function large(mode: Mode, parts: readonly Buffer[]): Promise<ExportedFile> {
    return exported(await session.uploadLarge(bucketId, 'große Datei', parts, encryptions[mode]));
  }

  function exported(fileId: string): Promise<ExportedFile> {
    return ExportedFile.from(server(), ['--file-id', fileId]);
  }

  /** Decodes with the keyring, and with the customer key for a file that has one. */
  function decoded(file: ExportedFile, mode: Mode) {
    const { args, variables } = customerKey(encryptions[mode].key);
    return file.decode([...file.keyring, ...args], variables);
  }

  async function expectDecoded(file: ExportedFile, mode: Mode, data: Buffer): Promise<void> {
    const { code, stderr, plaintext } = await decoded(file, mode);
    expect([code, stderr]).toEqual([0, '']);
    expectPlaintext(plaintext, data);
  }

  async function expectRefused(file: ExportedFile, mode: Mode, code: number, message: string): Promise<void> {
    expect(await decoded(file, mode)).toEqual({
      code,
      stderr: expect.stringContaining(message) as string,
      plaintext: undefined,
    });
    expect(readdirSync(file.folder).filter((name) => name.includes('partial'))).toEqual([]);
  }

  describe.each(modes)('%s', (mode) => {
    test.each([0, 1, 16_383, 16_384, 16_385, 65_536, 65_537, 1_000_000])('a file of %i bytes', async (size) => {
      const data = randomBytes(size);
      await expectDecoded(await small(mode, data), mode, data);
    });

    test('a large file with parts in files and in the metadata store', async () => {
      const parts = [200_000, 16_384 * 5, 300].map((size) => randomBytes(size));
      const file = await large(mode, parts);
      expect(file.read().blobs.map(({ path }) => path !== undefined)).toEqual([true, true, false]);
      await expectDecoded(file, mode, Buffer.concat(parts));
    });

    test('an edited record is refused', async () => {
      const data = randomBytes(100);
      const other = (await small(mode, data, 'another')).read();
      for (const change of [
        (file: ExportedFile) => {
          file.edit(({ record }) => (record.fileName = 'another'));
        },
        (file: ExportedFile) => {
          file.edit((it) => (it.record.parts = other.record.parts));
          file.edit((it) => (it.blobs = other.blobs));
        },
        (file: ExportedFile) => {
          file.edit(({ record }) => (record.seal = other.record.seal));
        },
        (file: ExportedFile) => {
          const change =
            mode === 'none'
              ? { mode: 'SSE-B2', wrappedKey: Buffer.alloc(72).toString('base64') }
              : { mode: 'none', wrappedKey: null, verifier: null };
          const check = Buffer.alloc(mode === 'none' ? 32 : 20).toString('base64');
          file.edit(({ record }) => {
            Object.assign(record, change);
            for (const part of record.parts) part.blobCheck = check;
          });
        },
      ]) {
        const file = await small(mode, data);
        change(file);
        await expectRefused(file, mode, exit.notAuthentic, 'seal does not verify');
      }
    });

    test('a dropped part is refused', async () => {
      const file = await large(
        mode,
        [300, 400, 500].map((size) => randomBytes(size)),
      );
      file.edit(({ record }) => {
        record.parts.splice(1, 1);
        record.size = 800;
      });
      await expectRefused(file, mode, exit.notAuthentic, 'seal does not verify');
      file.edit(({ record }) => (record.size = 1200));
      await expectRefused(file, mode, exit.notAuthentic, 'sizes do not add up');
    });

    test.each([100, 100_000])('a blob that is shorter, longer or missing is refused: %i bytes', async (size) => {
      for (const change of [
        (bytes: Buffer) => bytes.subarray(0, -1),
        (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)]),
        () => Buffer.alloc(0),
      ]) {
        const file = await small(mode, randomBytes(size));
        file.tamper(0, change);
        await expectRefused(file, mode, exit.notAuthentic, 'its size demands');
      }
      const file = await small(mode, randomBytes(100_000));
      rmSync(file.firstBlobFile);
      await expectRefused(file, mode, exit.notAuthentic, 'is missing');
    });

    test('a wrong root key is refused', async () => {
      const file = await small(mode, randomBytes(10));
      const { args, variables } = customerKey(encryptions[mode].key);
      const keys = [...file.keyring.slice(0, 2), '--root-key', 'env:ROOT_KEY', ...args];
      const wrong = await file.decode(keys, { ...variables, ROOT_KEY: '00'.repeat(32) });
      expect(wrong).toMatchObject({ code: exit.wrongKey, plaintext: undefined });
      expect(wrong.stderr).toContain('the root key does not open the global key');
      expect((await file.decode(keys, { ...variables, ROOT_KEY: file.rootKey })).code).toBe(0);
    });
  });

  describe.each(['sseB2', 'sseC1'] as const)('%s', (mode) => {
    test.each([
      ['the salt', 0, 'its commitment differs'],
      ['the commitment', 24, 'not the one that the record names'],
      ['the first chunk', 56, 'chunk 0 does not verify'],
      ['a chunk further on', 56 + 16_400 * 3 + 5, 'chunk 3 does not verify'],
      ['the last tag', -1, 'does not verify'],
    ])('a changed byte of %s is refused', async (_, place, message) => {
      for (const size of [60_000, 100_000]) {
        const file = await small(mode, randomBytes(size));
        file.tamper(0, flipAt(place));
        await expectRefused(file, mode, exit.notAuthentic, message);
      }
    });

    test('chunks that changed places are refused', async () => {
      const file = await small(mode, randomBytes(100_000));
      file.tamper(0, (bytes) => {
        const chunk = (i: number): Buffer => bytes.subarray(56 + 16_400 * i, 56 + 16_400 * (i + 1));
        return Buffer.concat([bytes.subarray(0, 56), chunk(1), chunk(0), bytes.subarray(56 + 32_800)]);
      });
      await expectRefused(file, mode, exit.notAuthentic, 'chunk 0 does not verify');
    });

    test('blobs of parts that changed places are refused', async () => {
      const file = await large(mode, [randomBytes(300), randomBytes(300)]);
      file.edit((it) => {
        const ids = it.blobs.map(({ blobId }) => blobId).reverse();
        it.blobs = it.blobs.map((blob, index) => ({ ...blob, blobId: ids[index] ?? '' }));
      });
      await expectRefused(file, mode, exit.notAuthentic, 'part 1 is not the one that the record names');
    });
  });

  test('nothing is written of a chunk that does not verify', async () => {
    const data = randomBytes(100_000);
    const file = await small('sseB2', data);
    file.tamper(0, flipAt(56 + 16_400 * 2));
    const { code, stdout } = await file.pipe(file.keyring);
    expect(code).toBe(exit.notAuthentic);
    expectSameBytes(stdout, data.subarray(0, 2 * 16_384));
  });

  test('a wrong or missing customer key is told from damage', async () => {
    const file = await small('sseC1', randomBytes(100_000));
    const wrong = customerKey(encryptions.sseC2.key);
    for (const keys of [[], file.keyring]) {
      const { code, stderr } = await file.decode([...keys, ...wrong.args], wrong.variables);
      expect([code, stderr]).toEqual([exit.wrongKey, expect.stringContaining('wrong customer key')]);
    }
    expect(await file.decode(file.keyring)).toMatchObject({
      code: exit.unusable,
      stderr: expect.stringContaining('give its --customer-key') as string,
    });
    file.edit(({ record }) => (record.wrappedKey = flip(record.wrappedKey ?? '')));
    const right = customerKey(encryptions.sseC1.key);
    const damaged = await file.decode(right.args, right.variables);
    expect([damaged.code, damaged.stderr]).toEqual([exit.notAuthentic, expect.stringContaining('file key is damaged')]);
  });

  test('the customer key alone reads an SSE-C file, with a warning; no other file is read without the keyring', async () => {
    const data = randomBytes(100_000);
    const { args, variables } = customerKey(encryptions.sseC1.key);
    const { code, stderr, plaintext } = await (await small('sseC1', data)).decode(args, variables);
    expect([code, stderr]).toEqual([0, expect.stringContaining('the seal is not checked')]);
    expectPlaintext(plaintext, data);
    for (const mode of ['none', 'sseB2'] as const) {
      const refused = await (await small(mode, data)).decode([]);
      expect([refused.code, refused.stderr]).toEqual([exit.unusable, expect.stringContaining('give the --keyring')]);
    }
  });

  test('a file is found by its name, and a path out of the data directory is refused', async () => {
    const data = randomBytes(100_000);
    await small('sseB2', data, 'Käse/100 % "x"');
    const file = await ExportedFile.from(server(), ['--bucket', 'decoder', '--name', 'Käse/100 % "x"']);
    await expectDecoded(file, 'sseB2', data);
    rmSync(file.output);
    file.edit((it) => (it.blobs = it.blobs.map(({ blobId }) => ({ blobId, path: '../../data/x' }))));
    await expectRefused(file, 'sseB2', exit.unusable, 'leaves the data directory');
  });
});

function expectPlaintext(plaintext: Buffer | undefined, data: Buffer): void {
  if (plaintext === undefined) throw new Error('the decoder left no file');
  expectSameBytes(plaintext, data);
}

/** A negative place counts from the end. */
function flipAt(place: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const at = place < 0 ? bytes.length + place : place;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return bytes;
  };
}

function flip(base64: string): string {
  return flipAt(-1)(Buffer.from(base64, 'base64')).toString('base64');
}
