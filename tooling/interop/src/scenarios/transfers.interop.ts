import { expect, test } from 'vitest';
import { httpOnly, logged, scenarios, type World } from '../harness/scenario.ts';
import { sdkEncryption } from '../harness/sdk.ts';
import { expectStored, sdkResults } from '../harness/stored-files.ts';
import { sha1 } from '../harness/test-file.ts';

const parts = 4;
const sentBefore = 2;
const size = parts * 4_000_000;

const declare = (world: () => World): void => {
  test.each(['sseB2', 'sseC1'] as const)('an interrupted upload is taken up again, %s', async (mode) => {
    const { b2, modes } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('large', size);
    const target = { path: file.path, name: 'dir/large', encryption: sdkEncryption(modes[mode]) };
    const partsSent = (): number => world().requestsFor('b2_upload_part');
    const before = partsSent();
    const [unfinished = ''] = await sdkResults(world(), bucket, [
      { call: 'interrupted', ...target, parts: sentBefore },
    ]);
    await expect.poll(() => partsSent() - before, logged).toBe(sentBefore);
    expect((await b2.ok(['file', 'large', 'parts', `b2id://${unfinished}`])).split('\n')).toHaveLength(sentBefore);
    // By itself the SDK takes up no upload with SSE-C, as it cannot compare keys.
    const again = mode === 'sseC1' ? { call: 'resumeById' as const, fileId: unfinished } : { call: 'upload' as const };
    expect(await sdkResults(world(), bucket, [{ ...again, ...target }])).toEqual([unfinished]);
    await expect.poll(() => partsSent() - before, logged).toBe(parts);
    expect(world().requestsFor('b2_list_parts')).toBeGreaterThan(0);
    await expectStored(world(), `b2://${bucket}/dir/large`, modes[mode], file);
    expect(await b2.ok(['file', 'large', 'unfinished', 'list', `b2://${bucket}`])).toBe('');
  });

  test.each(['sseB2', 'sseC1'] as const)('a download in several streams at once, %s', async (mode) => {
    const bucket = await world().bucket();
    const file = world().secretFile('large', size);
    const encryption = sdkEncryption(world().modes[mode]);
    const before = world().requestsFor('b2_download_file_by_name');
    const [, read] = await sdkResults(world(), bucket, [
      { call: 'upload', path: file.path, name: 'large', encryption },
      { call: 'inStreams', name: 'large', bytesPerStream: 2_000_000, encryption },
    ]);
    expect(read).toBe(sha1(file.content));
    await expect.poll(() => world().requestsFor('b2_download_file_by_name') - before, logged).toBeGreaterThan(4);
  });
};

scenarios('transfers with b2sdk', declare, [], httpOnly);
