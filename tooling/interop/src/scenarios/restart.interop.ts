import { expect, test } from 'vitest';
import { scenarios } from '../harness/scenario.ts';
import { download, expectSameBytes, expectStored, sdkResults, upload } from '../harness/stored-files.ts';
import { sdkEncryption } from '../harness/sdk.ts';

scenarios('restart', (world) => {
  test.each(['none', 'sseB2', 'sseC1'] as const)('files uploaded with %s are read after a restart', async (mode) => {
    const { modes, server } = world();
    const bucket = await world().bucket();
    const make = mode === 'none' ? world().file.bind(world()) : world().secretFile.bind(world());
    const [small, large] = [make('small', 30_000), make('large', 12_000_000)];
    await upload(world(), bucket, small, 'small', modes[mode]);
    await upload(world(), bucket, large, 'large', modes[mode]);
    const before = server.credentials;
    await server.restart();
    expect(server.banner).toMatchObject({ keyId: before.keyId, key: undefined });
    // The account file still holds the token of before the restart.
    await expectStored(world(), `b2://${bucket}/small`, modes[mode], small);
    await expectStored(world(), `b2://${bucket}/large`, modes[mode], large);
  });

  test('a default and a restricted key outlive a restart', async () => {
    const { b2, server } = world();
    const bucket = await world().bucket('--default-server-side-encryption', 'SSE-B2');
    const [keyId = '', key = ''] = (await b2.ok(['key', 'create', 'k', 'listBuckets,readBucketEncryption'])).split(
      /\s+/,
    );
    world().leaks.applicationKey(key);
    await server.restart();
    const cli = world().anotherCli('other');
    await cli.authorize({ keyId, key });
    expect(await cli.json(['bucket', 'get', bucket])).toMatchObject({
      defaultServerSideEncryption: { mode: 'SSE-B2' },
    });
  });

  test('what was acknowledged before kill -9 is there afterwards', async () => {
    const { modes, server } = world();
    const bucket = await world().bucket();
    const files = [0, 1, 16_384, 65_536, 65_537, 100_000, 12_000_000].map((size) =>
      world().secretFile(`f${size}`, size),
    );
    const calls = (['sseB2', 'sseC1'] as const).flatMap((mode) =>
      files.map((file, at) => ({
        call: 'upload' as const,
        path: file.path,
        name: `${mode}-${at}`,
        encryption: sdkEncryption(modes[mode]),
      })),
    );
    await sdkResults(world(), bucket, calls);
    await server.kill();
    await server.start();
    for (const mode of ['sseB2', 'sseC1'] as const) {
      for (const [at, { content }] of files.entries()) {
        expectSameBytes(await download(world(), `b2://${bucket}/${mode}-${at}`, modes[mode]), content);
      }
    }
  });
});
