import { describe, expect, it } from 'vitest';
import { sha1, TestServer } from './test-support/test-server.ts';

const partA = 'a'.repeat(12);
const partB = 'bb';

async function started(server: TestServer, fields: object = {}): Promise<string> {
  const buckets = await server.ok('b2_list_buckets', { accountId: server.accountId });
  const bucketId = buckets.buckets[0]?.bucketId ?? (await server.createBucket('my-bucket'));
  const start = { bucketId, fileName: 'large', contentType: 'b2/x-auto', ...fields };
  return (await server.ok('b2_start_large_file', start)).fileId;
}

describe('large files', () => {
  it.each(['v1', 'v4'] as const)('are started, filled, finished and read in %s', async (version) => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const fields = { bucketId, fileName: 'large.txt', contentType: 'b2/x-auto', fileInfo: { Large_File_Sha1: 'x' } };
    const start = await server.ok('b2_start_large_file', fields, { version });
    const { fileId } = start;
    expect(start).toMatchObject({
      action: 'start',
      contentLength: 0,
      contentMd5: null,
      contentSha1: 'none',
      contentType: 'text/plain',
      fileInfo: { large_file_sha1: 'x' },
      fileName: 'large.txt',
      serverSideEncryption: { algorithm: null, mode: null },
    });
    const url = await server.ok('b2_get_upload_part_url', { fileId }, { version });
    expect(url.uploadUrl).toContain(`/b2api/${version}/b2_upload_part/${fileId}/`);
    const first = await server.uploadTo(url, partA, { 'X-Bz-Part-Number': '1' });
    expect(first.json).toEqual({
      contentLength: 12,
      contentMd5: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      contentSha1: sha1(partA),
      fileId,
      partNumber: 1,
      serverSideEncryption: { algorithm: null, mode: null },
      uploadTimestamp: 1_700_000_000_000,
    });
    const second = await server.uploadTo(url, `${partB}${sha1(partB)}`, {
      'X-Bz-Part-Number': '2',
      'X-Bz-Content-Sha1': 'hex_digits_at_end',
    });
    await server.refused(
      () => server.uploadTo(url, 'z'.repeat(60), { 'X-Bz-Part-Number': '2', 'X-Bz-Content-Sha1': 'hex_digits_at_end' }),
      { status: 400, code: 'bad_request', message: `Not a valid hex SHA1: ${'z'.repeat(40)}` },
    );
    const listed = await server.ok('b2_list_parts', { fileId, maxPartCount: 1 }, { version });
    expect(listed).toEqual({ nextPartNumber: 2, parts: [first.json] });
    const rest = await server.ok('b2_list_parts', { fileId, startPartNumber: 2 }, { version });
    expect(rest).toEqual({ nextPartNumber: null, parts: [second.json] });
    const unfinished = await server.ok('b2_list_unfinished_large_files', { bucketId }, { version });
    expect(unfinished).toEqual({ files: [version === 'v1' ? { ...start, size: 0 } : start], nextFileId: null });
    const partSha1Array = [sha1(partA), sha1(partB)];
    const file = await server.ok('b2_finish_large_file', { fileId, partSha1Array }, { version });
    expect(file).toEqual({ ...start, action: 'upload', contentLength: 14 });
    const read = await server.download(`/b2api/${version}/b2_download_file_by_id?fileId=${fileId}`);
    expect(new TextDecoder().decode(read.bytes)).toBe(partA + partB);
    expect(read.headers.get('x-bz-content-sha1')).toBe('none');
    const range = await server.download('/file/my-bucket/large.txt', { headers: { Range: 'bytes=10-12' } });
    expect(new TextDecoder().decode(range.bytes)).toBe('aab');
  });

  it('are cancelled', async () => {
    const server = await TestServer.inMemory();
    const fileId = await started(server);
    await server.uploadPart(fileId, 1, partA);
    const cancelled = await server.ok('b2_cancel_large_file', { fileId });
    expect(cancelled).toEqual({
      accountId: server.accountId,
      bucketId: expect.any(String) as string,
      fileId,
      fileName: 'large',
    });
    const gone = { status: 400, code: 'bad_request', message: `No active upload for: ${fileId}` } as const;
    await server.refused(() => server.call('b2_cancel_large_file', { fileId }), gone);
    await server.refused(() => server.call('b2_get_upload_part_url', { fileId }), gone);
    await server.refused(() => server.call('b2_list_parts', { fileId }), gone);
    await server.refused(() => server.call('b2_finish_large_file', { fileId, partSha1Array: [] }), gone);
  });

  it('are finished only with just their parts', async () => {
    const server = await TestServer.inMemory();
    const fileId = await started(server);
    const finish =
      (...partSha1Array: string[]) =>
      () =>
        server.call('b2_finish_large_file', { fileId, partSha1Array });
    await server.uploadPart(fileId, 1, 'short');
    const [short, second, third] = [sha1('short'), sha1(partA), sha1('third')];
    const refused = (
      send: ReturnType<typeof finish>,
      code: 'bad_request' | 'missing_part' | 'part_sha1_mismatch',
      message: string,
    ) => server.refused(send, { status: 400, code, message });
    await refused(finish(short), 'bad_request', 'large files must have at least 2 parts');
    await refused(finish(short, second), 'missing_part', 'Part number 2 has not been uploaded');
    await server.uploadPart(fileId, 2, partA);
    await refused(finish(short, third), 'part_sha1_mismatch', 'Part number 2 has different Sha1 value');
    await refused(finish(short, second), 'bad_request', 'Part number 1 is smaller than 10 bytes');
    await server.uploadPart(fileId, 1, partA);
    await server.uploadPart(fileId, 3, 'third');
    await server.refused(finish(sha1(partA), second), { status: 400, code: 'bad_request' });
    await server.ok('b2_finish_large_file', {
      fileId,
      partSha1Array: [sha1(partA).toUpperCase(), `unverified:${second}`, third],
    });
    await refused(finish(sha1(partA), second, third), 'bad_request', `No active upload for: ${fileId}`);
  });

  it.each([
    ['no part number', { 'X-Bz-Part-Number': undefined }],
    ['part number 0', { 'X-Bz-Part-Number': '0' }],
    ['part number 10,001', { 'X-Bz-Part-Number': '10001' }],
    ['a part number that is none', { 'X-Bz-Part-Number': '1e2' }],
    ['a wrong SHA-1', { 'X-Bz-Content-Sha1': sha1('x') }],
  ])('refuse a part with %s', async (_, headers) => {
    const server = await TestServer.inMemory();
    const fileId = await started(server);
    await server.refused(() => server.uploadPart(fileId, 1, partA, { headers }), { status: 400, code: 'bad_request' });
  });

  it('take a part token only with its own URL', async () => {
    const server = await TestServer.inMemory();
    const [one, two] = [await started(server), await started(server)];
    const urlOne = await server.ok('b2_get_upload_part_url', { fileId: one });
    const urlTwo = await server.ok('b2_get_upload_part_url', { fileId: two });
    const crossed = { uploadUrl: urlOne.uploadUrl, authorizationToken: urlTwo.authorizationToken };
    await server.refused(() => server.uploadTo(crossed, 'x', { 'X-Bz-Part-Number': '1' }), {
      status: 401,
      code: 'bad_auth_token',
    });
  });

  it('are copied together from other files', async () => {
    const server = await TestServer.inMemory();
    const fileId = await started(server);
    const { buckets } = await server.ok('b2_list_buckets', { accountId: server.accountId });
    const bucketId = buckets[0]!.bucketId;
    const source = (await server.upload(bucketId, 'source', 'a'.repeat(12) + 'tail')).json.fileId;
    const part = { sourceFileId: source, largeFileId: fileId };
    const first = await server.ok('b2_copy_part', { ...part, partNumber: 1, range: 'bytes=0-11' });
    expect(first).toMatchObject({ contentLength: 12, contentSha1: sha1(partA), fileId, partNumber: 1 });
    const second = await server.ok('b2_copy_part', { ...part, partNumber: 2, range: 'bytes=12-99' });
    expect(second).toMatchObject({ contentLength: 4, contentSha1: sha1('tail') });
    const copy = (fields: object) => () => server.call('b2_copy_part', { ...part, partNumber: 3, ...fields });
    await server.refused(copy({ range: 'bytes=16-20' }), { status: 416, code: 'range_not_satisfiable' });
    await server.refused(copy({ range: 'bytes=1-' }), { status: 400, code: 'bad_request' });
    const missing = source.replace(/_f1[0-9a-f]{16}/, `_f1${'0'.repeat(16)}`);
    await server.refused(copy({ sourceFileId: missing }), { status: 404, code: 'not_found' });
    await server.refused(copy({ largeFileId: source }), { status: 400, code: 'bad_request' });
    await server.ok('b2_finish_large_file', { fileId, partSha1Array: [first.contentSha1, second.contentSha1] });
    const whole = await server.download('/file/my-bucket/large');
    expect(new TextDecoder().decode(whole.bytes)).toBe('a'.repeat(12) + 'tail');
  });

  it('take the spelling of b2sdk for the timestamp', async () => {
    const server = await TestServer.inMemory({ storage: { customTimestamps: true } });
    const bucketId = await server.createBucket('my-bucket');
    const start = { bucketId, fileName: 'a', contentType: 'text/plain', custom_upload_timestamp: '12345' };
    expect((await server.ok('b2_start_large_file', start)).uploadTimestamp).toBe(12345);
  });
});
