import { describe, expect, test } from 'vitest';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { sdkEncryption } from '../harness/sdk.ts';
import { expectStored, fileInfo, sdkResults, upload, type PrintedFile } from '../harness/stored-files.ts';
import { isNewest } from '../harness/tools.ts';

const sseB2 = { mode: 'SSE-B2', algorithm: 'AES256' };
const none = { mode: 'none' };

/** What a client is to see where nothing was asked for. */
interface Expectation {
  readonly label: string;
  readonly options: readonly string[];
  /** The default of a bucket that was made without one, or whose default was turned off. */
  readonly bucketDefault: object;
  /** What files get there. */
  readonly file: object;
}

const behaviours: readonly Expectation[] = [
  { label: 'as documented before 2026', options: [], bucketDefault: none, file: none },
  { label: 'with --encrypt-by-default', options: ['--encrypt-by-default'], bucketDefault: sseB2, file: sseB2 },
];

// The newest tools run before servers that encrypt by default only.
describe.each(isNewest ? behaviours.slice(1) : behaviours)('$label:', ({ options, bucketDefault, file: expected }) => {
  const encrypted = expected === sseB2;

  const declare = (world: () => World): void => {
    const bucketDefaults = async (name: string): Promise<readonly unknown[]> => {
      const { b2 } = world();
      const listed = (await b2.json(['bucket', 'list', '--json'])) as Defaulted[];
      const got = (await b2.json(['bucket', 'get', name])) as Defaulted;
      const [seen = 'null'] = await sdkResults(world(), name, [{ call: 'bucketEncryption' }]);
      return [
        got.defaultServerSideEncryption,
        listed.find(({ bucketName }) => bucketName === name)?.defaultServerSideEncryption,
        JSON.parse(seen) as unknown,
      ];
    };

    test('a bucket made without a default, one that sets it, and one that turns it off', async () => {
      const { b2 } = world();
      const name = await world().bucket();
      expect(await bucketDefaults(name)).toEqual([bucketDefault, bucketDefault, bucketDefault]);
      await b2.ok(['bucket', 'update', '--default-server-side-encryption', 'SSE-B2', name]);
      expect(await bucketDefaults(name)).toEqual([sseB2, sseB2, sseB2]);
      // The newest tools cannot ask for none.
      if (isNewest) return;
      const off = ['bucket', 'update', '--default-server-side-encryption', 'none', name];
      expect(await b2.json(off)).toMatchObject({ defaultServerSideEncryption: bucketDefault });
      expect(await bucketDefaults(name)).toEqual([bucketDefault, bucketDefault, bucketDefault]);
      const explicit = await world().bucket('--default-server-side-encryption', 'none');
      expect(await bucketDefaults(explicit)).toEqual([bucketDefault, bucketDefault, bucketDefault]);
    });

    test('small files, large files and copies that ask for nothing', async () => {
      const { b2, modes } = world();
      const name = await world().bucket();
      const make = encrypted ? world().secretFile.bind(world()) : world().file.bind(world());
      const [small, large] = [make('small', 20_000), make('large', 9_000_000)];
      const ids = [
        (await upload(world(), name, small, 'small', modes.none)).fileId,
        (await upload(world(), name, large, 'large', modes.none)).fileId,
      ];
      const copying = ['file', 'server-side-copy', `b2id://${ids[0] ?? ''}`, `b2://${name}/copy`];
      ids.push(((await b2.json(copying)) as PrintedFile).fileId);
      for (const id of ids) expect((await fileInfo(world(), id)).serverSideEncryption).toEqual(expected);
      const listed = (await b2.json(['ls', '--json', '-r', `b2://${name}`])) as PrintedFile[];
      expect(listed.map(({ serverSideEncryption }) => serverSideEncryption)).toEqual([expected, expected, expected]);
      const byName = (await b2.json(['file', 'info', `b2://${name}/small`])) as PrintedFile;
      expect(byName.serverSideEncryption).toEqual(expected);
      const [seen = 'null'] = await sdkResults(world(), name, [{ call: 'fileEncryption', name: 'large' }]);
      expect(JSON.parse(seen)).toEqual([expected, expected]);
      await expectStored(world(), `b2://${name}/small`, modes.none, small);
      await expectStored(world(), `b2://${name}/large`, modes.none, large);
    });

    test('a request for SSE-B2 or SSE-C is heard', async () => {
      const { modes } = world();
      const name = await world().bucket();
      const file = world().secretFile('f', 20_000);
      for (const mode of ['sseB2', 'sseC1'] as const) {
        const { fileId } = await upload(world(), name, file, mode, modes[mode]);
        const shown = (await fileInfo(world(), fileId)).serverSideEncryption;
        expect(shown).toMatchObject({ mode: modes[mode].mode, algorithm: 'AES256' });
        await expectStored(world(), `b2id://${fileId}`, modes[mode], file);
      }
      const calls = [{ call: 'upload' as const, path: file.path, name: 'sdk', encryption: sdkEncryption(modes.sseC2) }];
      const [id = ''] = await sdkResults(world(), name, calls);
      expect((await fileInfo(world(), id)).serverSideEncryption).toMatchObject({ mode: 'SSE-C' });
    });

    test('a key that may not write encryption settings makes a bucket all the same', async () => {
      const { b2 } = world();
      const capabilities = 'listBuckets,writeBuckets,readBucketEncryption';
      const [keyId = '', key = ''] = (await b2.ok(['key', 'create', 'maker', capabilities])).split(/\s+/);
      world().leaks.applicationKey(key);
      const cli = world().anotherCli('maker');
      await cli.authorize({ keyId, key });
      const name = `${await world().bucket()}-2`;
      await cli.ok(['bucket', 'create', name, 'allPrivate']);
      expect(await cli.json(['bucket', 'get', name])).toMatchObject({ defaultServerSideEncryption: bucketDefault });
      const asking = ['bucket', 'create', '--default-server-side-encryption', 'SSE-B2', `${name}-3`, 'allPrivate'];
      expect(await cli.refused(asking)).toMatch(/unauthorized|not authorized/i);
    });
  };

  scenarios('default encryption', declare, options, httpOnly);
});

interface Defaulted {
  readonly bucketName: string;
  readonly defaultServerSideEncryption: object;
}
