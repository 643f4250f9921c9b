import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readingWith, writingWith } from '../harness/encryption.ts';
import { scenarios } from '../harness/scenario.ts';
import { expectStored, fileInfo, upload } from '../harness/stored-files.ts';

/** As b2sdk's own live tests use it. */
const keyId = 'user-generated-key-id \nąóźćż\nœøΩ≈ç\nßäöü';

scenarios('metadata', (world) => {
  test.each([20_000, 12_000_000])('an sse_c_key_id with newlines and non-ASCII letters, %i bytes', async (size) => {
    const { modes } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('file', size);
    const { fileId } = await upload(world(), bucket, file, 'file', writingWith(modes.sseC1, keyId));
    const { fileInfo: info } = await fileInfo(world(), fileId);
    expect(decodeURIComponent(info['sse_c_key_id'] ?? '')).toBe(keyId);
    await expectStored(world(), `b2id://${fileId}`, modes.sseC1, file);
  });

  test('the MD5 of the content is shown, with a customer key too', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('file', 20_000);
    const contentMd5 = createHash('md5').update(readFileSync(file.path)).digest('hex');
    const { fileId } = await upload(world(), bucket, file, 'file', modes.sseC1);
    expect(await fileInfo(world(), fileId)).toMatchObject({ contentMd5 });
    const copying = ['file', 'server-side-copy', '--fetch-metadata', `b2id://${fileId}`, `b2://${bucket}/copy`];
    const copied = await b2.json(copying, readingWith(modes.sseC1), writingWith(modes.sseC2));
    expect(copied).toMatchObject({ contentMd5 });
  });

  test('languages and dates of expiry may have the forms that b2sdk sends in its own tests', async () => {
    const { modes } = world();
    const bucket = await world().bucket();
    const options = ['--content-language', 'en_US', '--expires', '2100-01-01'];
    const { fileId } = await upload(world(), bucket, world().file('file', 100), 'file', modes.none, ...options);
    expect(await fileInfo(world(), fileId)).toMatchObject({
      fileInfo: { 'b2-content-language': 'en_US', 'b2-expires': '2100-01-01' },
    });
  });

  test('file info, content type and names of all kinds come back as given', async () => {
    const { modes } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('file', 2000, 'text');
    for (const name of ['plain', 'with space/and+plus', 'ünï/çødé ☃', 'quotes\'"&?=#%25']) {
      const { fileId } = await upload(
        ...([world(), bucket, file, name, modes.sseB2] as const),
        ...['--info', 'colour=blue+green & ü', '--content-type', 'text/x-test', '--cache-control', 'max-age=7'],
      );
      expect(await fileInfo(world(), fileId)).toMatchObject({
        fileName: name,
        contentType: 'text/x-test',
        fileInfo: { colour: 'blue+green & ü', 'b2-cache-control': 'max-age=7' },
      });
      await expectStored(world(), `b2id://${fileId}`, modes.sseB2, file);
    }
    expect(await world().b2.ok(['ls', '-r', `b2://${bucket}`])).toContain('ünï/çødé ☃');
  });
});
