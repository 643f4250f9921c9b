import {
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ServerConfig } from '../config/server-config.ts';
import { makeKeys, openKeys } from '../keys/open-keys.ts';
import { startServer } from '../server/start-server.ts';
import { StartupError } from '../startup-error.ts';
import { authorize } from '../test-support/b2-calls.ts';
import { runCommand } from '../test-support/run-command.ts';
import { changeIdentity, changeList } from '../test-support/store-changes.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { treeSnapshot } from '../test-support/tree-snapshot.ts';
import { makeMetadata } from './make-store.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

/** Two stores that were served once, each with a blob: `one` and `other`. */
let templates = '';
beforeAll(async () => {
  templates = await mkdtemp(join(tmpdir(), 'coffer-states-'));
  for (const name of ['one', 'other']) {
    const config = testConfig(join(templates, name));
    await mkdir(join(templates, name));
    const server = await startServer(config, { logDestination: collectLog(), environment: {} });
    const secret = server.masterKey!.expose((text) => text);
    const session = await authorize(server.urls.http!, server.masterKeyId, secret);
    await session.upload(await session.createBucket('my-bucket'), 'file', Buffer.alloc(100_000, name));
    await server.close();
  }
});
afterAll(() => rm(templates, { recursive: true }));

async function copyOf(name: 'one' | 'other'): Promise<ServerConfig> {
  const root = await temporaryDirectory();
  await cp(join(templates, name), root, { recursive: true });
  return testConfig(root);
}

const inData = ({ data }: ServerConfig, ...path: string[]) => join(data, ...path);
const dataFile = (config: ServerConfig) => inData(config, 'metadata', 'data.mdb');
const mark = (config: ServerConfig) => inData(config, 'blobs', 'store.json');
const remove = (path: string) => rm(path, { recursive: true });

async function replaceBy(part: 'metadata' | 'blobs' | 'keys', config: ServerConfig): Promise<void> {
  const other = testConfig(join(templates, 'other'));
  const [from, to] = part === 'keys' ? [other.keys, config.keys] : [inData(other, part), inData(config, part)];
  await remove(to);
  await cp(from, to, { recursive: true });
}

/** What a start is refused with; fails if it changes anything on the way. */
async function refusal(config: ServerConfig, options: { readonly newStore?: boolean } = {}): Promise<StartupError> {
  const root = join(config.data, '..');
  const before = await treeSnapshot(root);
  const error = await start(config, options).then(
    () => expect.fail('The server started'),
    (reason: unknown) => reason,
  );
  const { [config.data]: dataBefore, ...rest } = before;
  const { [config.data]: dataAfter, ...restAfter } = await treeSnapshot(root);
  // The data directory's own time changes with the lock in it.
  expect(restAfter).toEqual(rest);
  expect(dataAfter === undefined).toBe(dataBefore === undefined);
  if (!(error instanceof StartupError)) throw error;
  expect(error.message).toMatch(/^[^\n]+\.$/);
  return error;
}

type Change = (config: ServerConfig) => Promise<unknown>;

const inTurn =
  (...changes: readonly Change[]): Change =>
  async (config) => {
    for (const change of changes) await change(config);
  };

const metadataCutTo =
  (length: number): Change =>
  (config) =>
    truncate(dataFile(config), length);
const loop =
  (path: (config: ServerConfig) => string): Change =>
  async (config) => {
    await remove(path(config));
    await symlink(path(config), path(config));
  };

const refused: readonly (readonly [string, StartupError['code'], RegExp, Change])[] = [
  ['no metadata', 'metadata_missing', /There are blobs .* no metadata/, (c) => remove(inData(c, 'metadata'))],
  ['no data file', 'metadata_missing', /There are blobs/, (c) => remove(dataFile(c))],
  [
    ...(['no metadata, and blobs without a mark', 'metadata_missing', /There are blobs/] as const),
    inTurn(
      (c) => remove(inData(c, 'metadata')),
      (c) => remove(mark(c)),
    ),
  ],
  ['no blobs', 'blobs_missing', /its blobs are not in/, (c) => remove(inData(c, 'blobs'))],
  [
    ...(['an empty blob folder', 'blobs_missing', /its blobs are not in/] as const),
    inTurn(
      (c) => remove(inData(c, 'blobs')),
      (c) => mkdir(inData(c, 'blobs')),
    ),
  ],
  ['blobs without a mark', 'store_mismatch', /it has no store.json/, (c) => remove(mark(c))],
  ['a garbled mark', 'data', /store.json is damaged/, (c) => writeFile(mark(c), '{"storeId":')],
  [
    'blobs that are a file',
    'data',
    /is not a directory/,
    inTurn(
      (c) => remove(inData(c, 'blobs')),
      (c) => writeFile(inData(c, 'blobs'), ''),
    ),
  ],
  ['blobs that cannot be read', 'data', /cannot be used: .*ELOOP/, loop((c) => inData(c, 'blobs'))],
  [
    'an empty data directory',
    'store_missing',
    /--new-store/,
    inTurn(
      (c) => remove(c.data),
      (c) => mkdir(c.data),
    ),
  ],
  ['no data directory', 'store_missing', /mount its disk/, (c) => remove(c.data)],
  [
    'a data directory with other things only',
    'store_missing',
    /mount its disk/,
    inTurn(
      (c) => remove(c.data),
      (c) => mkdir(c.data),
      (c) => writeFile(inData(c, 'holiday.jpg'), 'x'),
    ),
  ],
  ['no keyring', 'keys', /no keyring at/, (c) => remove(c.keys)],
  ['the keyring of another store', 'keys', /is not the one/, (c) => replaceBy('keys', c)],
  ['a keyring that does not list the store', 'keys', /does not list the store/, (c) => changeList(c, () => [])],
  ['the metadata of another store', 'store_mismatch', /but the blobs beside it/, (c) => replaceBy('metadata', c)],
  ['the blobs of another store', 'store_mismatch', /but the blobs beside it/, (c) => replaceBy('blobs', c)],
  [
    'metadata and blobs of another store',
    'keys',
    /does not list/,
    inTurn(
      (c) => replaceBy('metadata', c),
      (c) => replaceBy('blobs', c),
    ),
  ],
  ['metadata without an identity', 'format', /older program/, (c) => changeIdentity(c, () => undefined)],
  [
    'metadata of a newer format',
    'format',
    /version 2 .* newer program/,
    (c) => changeIdentity(c, (i) => ({ ...i, formatVersion: 2 })),
  ],
  [
    'metadata of an older format',
    'format',
    /version 0 .* older program/,
    (c) => changeIdentity(c, (i) => ({ ...i, formatVersion: 0 })),
  ],
  [
    'blobs of a newer format',
    'format',
    /version 9 .* newer/,
    async (c) => writeFile(mark(c), (await readFile(mark(c), 'utf8')).replace(':1}', ':9}')),
  ],
  [
    'a keyring that lists a newer format',
    'format',
    /version 3 .* newer/,
    (c) => changeList(c, (all) => all.map((one) => ({ ...one, formatVersion: 3 }))),
  ],
  ['empty metadata', 'damaged', /its file is empty/, metadataCutTo(0)],
  ['metadata cut off in its first page', 'damaged', /cut off/, metadataCutTo(100)],
  ['metadata cut off after its second page', 'damaged', /cut off/, metadataCutTo(8_192)],
  ['metadata cut off in the middle', 'damaged', /cut off/, metadataCutTo(20_000)],
  [
    'metadata that is no database',
    'damaged',
    /is damaged/,
    (c) => writeFile(dataFile(c), 'this is no database'.repeat(1_000)),
  ],
  [
    'metadata that is a directory',
    'damaged',
    /not a file/,
    inTurn(
      (c) => remove(dataFile(c)),
      (c) => mkdir(dataFile(c)),
    ),
  ],
  [
    'a metadata folder that is a file',
    'damaged',
    /ENOTDIR/,
    inTurn(
      (c) => remove(inData(c, 'metadata')),
      (c) => writeFile(inData(c, 'metadata'), ''),
    ),
  ],
  ['metadata that cannot be read', 'damaged', /ELOOP/, loop(dataFile)],
];

describe('a start is refused, and changes nothing, with', () => {
  it.each(refused)('%s', async (_what, code, text, change) => {
    const config = await copyOf('one');
    await change(config);
    const error = await refusal(config);
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(text)]);
  });

  it('nothing but other things', async () => {
    const config = testConfig(await temporaryDirectory());
    await mkdir(config.data);
    await writeFile(inData(config, 'holiday.jpg'), 'x');
    expect(await refusal(config)).toMatchObject({
      code: 'data',
      message: expect.stringContaining('holiday.jpg') as string,
    });
    await expect(stat(config.keys)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('--new-store', () => {
  it('begins a store beside the keyring of another', async () => {
    const config = await copyOf('one');
    await rename(config.data, `${config.data}.kept`);
    const server = await start(config, { newStore: true });
    await server.close();
    await (await start(config)).close();
    const keyring = await openKeys(config, {});
    expect(keyring.stores).toHaveLength(2);
    keyring.close();
    // The other store is still served.
    await rename(config.data, `${config.data}.new`);
    await rename(`${config.data}.kept`, config.data);
    await (await start(config)).close();
  });

  it.each<[string, StartupError['code'], Change]>([
    ['where there are blobs', 'metadata_missing', (c) => remove(inData(c, 'metadata'))],
    ['where there is a whole store', 'config', () => Promise.resolve()],
    ['where blobs are missing', 'config', (c) => remove(inData(c, 'blobs'))],
    [
      'where there are other things',
      'data',
      inTurn(
        (c) => remove(c.data),
        (c) => mkdir(c.data),
        (c) => writeFile(inData(c, 'x'), ''),
      ),
    ],
    ['over damage', 'damaged', metadataCutTo(0)],
  ])('is refused %s', async (_what, code, change) => {
    const config = await copyOf('one');
    await change(config);
    expect((await refusal(config, { newStore: true })).code).toBe(code);
  });
});

/** The steps of a first start, after each of which it may be cut short. */
const steps: readonly (readonly [string, Change])[] = [
  ['the data directory', (c) => mkdir(c.data)],
  [
    'the root key',
    inTurn(
      (c) => mkdir(c.keys),
      (c) => writeFile(join(c.keys, 'root.key'), 'ab'.repeat(32), { mode: 0o600 }),
    ),
  ],
  [
    'the keyring',
    async (c) => {
      (await makeKeys(c, {})).close();
    },
  ],
  [
    'a beginning of the metadata',
    inTurn(
      (c) => mkdir(inData(c, 'metadata.new')),
      (c) => writeFile(inData(c, 'metadata.new', 'data.mdb'), ''),
    ),
  ],
  ['the metadata', async (c) => withKeys(c, (keyring) => makeMetadata(c, keyring))],
  ['the blob folder', (c) => mkdir(inData(c, 'blobs', 'tmp'), { recursive: true })],
  ['a beginning of the mark', (c) => writeFile(inData(c, 'blobs', 'store.json.tmp'), '{"st')],
];

async function withKeys(config: ServerConfig, use: (keyring: Awaited<ReturnType<typeof openKeys>>) => Promise<void>) {
  const keyring = await openKeys(config, {});
  await use(keyring);
  keyring.close();
}

describe('a first start that was cut short is completed by the next, after', () => {
  it.each(steps.map(([name], index) => [name, index] as const))('%s', async (_name, last) => {
    const config = testConfig(await temporaryDirectory());
    for (const [, make] of steps.slice(0, last + 1)) await make(config);
    await (await start(config)).close();
    await (await start(config)).close();
    expect((await readdir(config.data)).toSorted()).toEqual(['blobs', 'metadata']);
  });

  it('the mark, and keeps the identity', async () => {
    // As it was before the store was put on the list, and before there was an account.
    const fresh = testConfig(await temporaryDirectory());
    for (const [, make] of steps) await make(fresh);
    await (await start(fresh)).close();
    const identity = await readFile(mark(fresh), 'utf8');
    await (await start(fresh)).close();
    expect(await readFile(mark(fresh), 'utf8')).toBe(identity);
  });

  it('the metadata with --new-store, without that flag', async () => {
    const config = await copyOf('one');
    await rename(config.data, `${config.data}.kept`);
    await mkdir(config.data);
    await withKeys(config, (keyring) => makeMetadata(config, keyring));
    await (await start(config)).close();
    await (await start(config)).close();
  });

  it('the metadata, but not with other keys', async () => {
    const config = testConfig(await temporaryDirectory());
    for (const [, make] of steps.slice(0, 5)) await make(config);
    await replaceBy('keys', config);
    expect(await refusalOf(config)).toMatchObject({
      code: 'keys',
      message: expect.stringContaining('is not the one') as string,
    });
    await expect(stat(mark(config))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

async function refusalOf(config: ServerConfig): Promise<unknown> {
  return start(config).then(
    () => expect.fail('The server started'),
    (error: unknown) => error,
  );
}

describe('commands', () => {
  const commands = ['doctor', 'keys show-master', 'lifecycle run', 'export-record'] as const;

  async function run(command: (typeof commands)[number], { data, keys: keyDirectory }: ServerConfig) {
    if (command === 'export-record')
      return runCommand(command, '--data', data, '--bucket', 'my-bucket', '--name', 'file');
    return runCommand(...command.split(' '), '--data', data, '--keys', keyDirectory);
  }

  it.each(commands)('%s works on a whole store', async (command) => {
    expect((await run(command, await copyOf('one'))).code).toBe(0);
  });

  it.each(
    commands.flatMap((command) =>
      (
        [
          ['empty metadata', 7, metadataCutTo(0)],
          ['metadata cut off', 7, metadataCutTo(30_000)],
          ['garbage', 7, (c) => writeFile(dataFile(c), Buffer.alloc(50_000, 0xa5))],
          ['metadata that cannot be read', 7, loop(dataFile)],
          [
            'blobs that are a file',
            5,
            inTurn(
              (c) => remove(inData(c, 'blobs')),
              (c) => writeFile(inData(c, 'blobs'), ''),
            ),
          ],
          ['the blobs of another store', 12, (c) => replaceBy('blobs', c)],
        ] satisfies [string, number, Change][]
      ).map(([what, code, change]) => [command, what, code, change] as const),
    ),
  )('%s with %s says one sentence and changes nothing', async (command, _what, code, change) => {
    const config = await copyOf('one');
    await change(config);
    const before = await treeSnapshot(join(config.data, '..'));
    const ran = await run(command, config);
    expect(await treeSnapshot(join(config.data, '..'))).toEqual(before);
    if (command === 'doctor') {
      expect(ran.code).toBe(1);
      expect(ran.stdout).toMatch(/PROBLEM .*\n +→/);
      return;
    }
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toMatch(/^coffer: [^\n]+\.\n$/);
  });

  it.each(['doctor', 'export-record'] as const)('%s changes nothing of a whole store', async (command) => {
    const config = await copyOf('one');
    const before = await treeSnapshot(join(config.data, '..'));
    expect((await run(command, config)).code).toBe(0);
    expect(await treeSnapshot(join(config.data, '..'))).toEqual(before);
  });

  it('doctor changes nothing after a rotation, when the next start renews the proof of the keys', async () => {
    const config = await copyOf('one');
    expect((await runCommand('keyring', 'rotate', '--data', config.data)).code).toBe(0);
    const before = await treeSnapshot(join(config.data, '..'));
    expect((await run('doctor', config)).stdout).toContain('Nothing is wrong.');
    expect(await treeSnapshot(join(config.data, '..'))).toEqual(before);
  });

  it('of a store whose first start was cut short say so', async () => {
    const config = testConfig(await temporaryDirectory());
    for (const [, make] of steps) await make(config);
    expect(await run('lifecycle run', config)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('first start was cut short') as string,
    });
    expect((await run('doctor', config)).stdout).toContain('The first start was cut short.');
  });
});
