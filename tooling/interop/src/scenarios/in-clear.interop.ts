import { expect, test } from 'vitest';
import { LeakWatch } from '../harness/leak-watch.ts';
import { scenarios } from '../harness/scenario.ts';
import { fileInfo, upload } from '../harness/stored-files.ts';
import { isNewest } from '../harness/tools.ts';

scenarios('what is stored in clear', (world) => {
  // The newest tools run before servers that encrypt by default.
  test.skipIf(isNewest).each([5000, 100_000, 12_000_000])('is found by the search, %i bytes', async (size) => {
    const bucket = await world().bucket();
    const file = world().file('clear', size);
    await upload(world(), bucket, file, 'clear', world().modes.none);
    const watch = new LeakWatch();
    watch.plaintext(file);
    expect(await watch.search([world().server.dataFolder])).not.toEqual([]);
  });
});

scenarios(
  'encrypt by default',
  (world) => {
    test.each([5000, 12_000_000])('leaves nothing in clear, %i bytes', async (size) => {
      const bucket = await world().bucket();
      const file = world().secretFile('file', size);
      const { fileId } = await upload(world(), bucket, file, 'file', world().modes.none);
      expect((await fileInfo(world(), fileId)).serverSideEncryption).toMatchObject({ mode: 'SSE-B2' });
    });
  },
  ['--encrypt-by-default'],
);
