import { expect, test } from 'vitest';
import { Api } from '../harness/api.ts';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { sdkEncryption } from '../harness/sdk.ts';
import { sdkResults } from '../harness/stored-files.ts';
import { sha1 } from '../harness/test-file.ts';

const partSize = 4_000_000;

const declare = (world: () => World): void => {
  test('parts, unfinished list and unfinished cancel', async () => {
    const { b2, modes, server, endpoint, folder } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('large', 2 * partSize);
    const interrupted = { call: 'interrupted' as const, path: file.path, parts: 1 };
    const encryption = sdkEncryption(modes.sseC1);
    const [first = ''] = await sdkResults(world(), bucket, [{ ...interrupted, name: 'a/first', encryption }]);
    const api = await Api.open(folder, endpoint, server.credentials);
    const { bucketId } = (await b2.json(['bucket', 'get', bucket])) as { bucketId: string };
    const { fileId: second = '' } = await api.call('b2_start_large_file', {
      ...{ bucketId, fileName: 'b/second', contentType: 'text/plain', fileInfo: { colour: 'blue' } },
    });
    expect(await b2.ok(['file', 'large', 'parts', `b2id://${first}`])).toBe(
      `1    ${partSize}  ${sha1(file.content.subarray(0, partSize))}`,
    );
    expect(await b2.ok(['file', 'large', 'parts', `b2id://${second}`])).toBe('');
    const list = async (): Promise<string> => b2.ok(['file', 'large', 'unfinished', 'list', `b2://${bucket}`]);
    expect((await list()).split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${first} a/first application/octet-stream `)),
      `${second} b/second text/plain colour=blue`,
    ]);
    expect(await b2.ok(['ls', '-r', '--versions', `b2://${bucket}`])).toBe('a/first\nb/second');
    expect(await b2.ok(['ls', '-r', `b2://${bucket}`])).toBe('');
    await b2.ok(['file', 'large', 'unfinished', 'cancel', `b2id://${second}`]);
    expect(await list()).toMatch(new RegExp(`^${first} a/first [^\n]*$`));
    await b2.ok(['file', 'large', 'unfinished', 'cancel', `b2://${bucket}`]);
    expect(await list()).toBe('');
    expect(await b2.refused(['file', 'large', 'unfinished', 'cancel', `b2id://${first}`])).toContain('ERROR');
    await b2.ok(['bucket', 'delete', bucket]);
  });
};

scenarios('large file commands', declare, [], httpOnly);
