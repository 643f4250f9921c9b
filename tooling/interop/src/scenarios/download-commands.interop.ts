import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readingWith } from '../harness/encryption.ts';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { expectSameBytes, upload } from '../harness/stored-files.ts';

const declare = (world: () => World): void => {
  test.each(['sseB2', 'sseC1'] as const)('cat writes the bytes to standard output, %s', async (mode) => {
    const { b2, modes } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('file', 50_000);
    const { fileId } = await upload(world(), bucket, file, 'dir/file', modes[mode]);
    for (const uri of [`b2://${bucket}/dir/file`, `b2id://${fileId}`]) {
      const read = await b2.piped(['file', 'cat', '--no-progress', uri], Buffer.alloc(0), readingWith(modes[mode]));
      expectSameBytes(read, file.content);
    }
  });

  test('options for streams, buffers and checks', async () => {
    const { b2, modes, folder } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('file', 9_000_000);
    await upload(world(), bucket, file, 'large', modes.sseC1);
    const target = join(folder, 'target');
    // The tool fetches less than 200 MiB in one stream whatever it is told; `transfers` sees to several streams.
    for (const options of [
      ['--max-download-streams-per-file', '4', '--threads', '4', '--write-buffer-size', '65536'],
      ['--skip-hash-verification'],
    ]) {
      const args = ['file', 'download', '--no-progress', ...options, `b2://${bucket}/large`, target];
      await b2.ok(args, readingWith(modes.sseC1));
      expectSameBytes(readFileSync(target), file.content);
    }
  });

  test('urls of a private file work with an authorization for its prefix only', async () => {
    const { b2, modes, endpoint } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('file', 3000);
    for (const name of ['shared/ü file', 'private']) await upload(world(), bucket, file, name, modes.sseB2);
    const plain = await b2.ok(['file', 'url', `b2://${bucket}/shared/ü file`]);
    expect(plain).toBe(`${endpoint.url}/file/${bucket}/shared/%C3%BC%20file`);
    expect((await fetch(plain)).status).toBe(401);
    const withToken = await b2.ok(['file', 'url', '--with-auth', `b2://${bucket}/shared/ü file`]);
    expectSameBytes(await bytes(withToken), file.content);
    const authorization = ['bucket', 'get-download-auth', '--prefix', 'shared/', '--duration', '60', bucket];
    const token = await b2.ok(authorization);
    expectSameBytes(await bytes(`${plain}?Authorization=${token}`), file.content);
    expect((await fetch(`${endpoint.url}/file/${bucket}/private?Authorization=${token}`)).status).toBe(401);
    await b2.ok(['bucket', 'update', bucket, 'allPublic']);
    expectSameBytes(await bytes(await b2.ok(['file', 'url', `b2://${bucket}/private`])), file.content);
  });

  test('the url of an id reads a file of a public bucket', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket();
    await b2.ok(['bucket', 'update', bucket, 'allPublic']);
    const file = world().secretFile('file', 3000);
    const { fileId } = await upload(world(), bucket, file, 'f', modes.sseB2);
    expectSameBytes(await bytes(await b2.ok(['file', 'url', `b2id://${fileId}`])), file.content);
  });
};

/** By name the tool asks with HEAD, and has no way to give it a key. */
const informationByName =
  (isAnswered: boolean) =>
  (world: () => World): void => {
    test(`information about an SSE-C file: by id always, by name ${isAnswered ? 'too' : 'not'}`, async () => {
      const { b2, modes } = world();
      const bucket = await world().bucket();
      const { fileId } = await upload(world(), bucket, world().secretFile('f', 1000), 'f', modes.sseC1);
      const expected = { fileId, size: 1000, serverSideEncryption: { mode: 'SSE-C', algorithm: 'AES256' } };
      expect(await b2.json(['file', 'info', `b2id://${fileId}`])).toMatchObject(expected);
      const byName = ['file', 'info', `b2://${bucket}/f`];
      if (isAnswered) expect(await b2.json(byName)).toMatchObject(expected);
      else expect(await b2.refused(byName)).toContain('ERROR');
    });
  };

async function bytes(url: string): Promise<Buffer> {
  const response = await fetch(url);
  expect(response.status, url.replace(/Authorization=.*/, '')).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

scenarios('download commands', declare, [], httpOnly);
scenarios('HEAD', informationByName(false), [], httpOnly);
scenarios('HEAD with --allow-keyless-head', informationByName(true), ['--allow-keyless-head'], httpOnly);
