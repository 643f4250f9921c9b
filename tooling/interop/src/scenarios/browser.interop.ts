import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Api, type Json } from '../harness/api.ts';
import { BrowserPage, type PageAnswer } from '../harness/browser.ts';
import { scenarios } from '../harness/scenario.ts';
import { sha1 } from '../harness/test-file.ts';

const content = 'Uploaded by a page of another origin.';
const stranger = 'https://somewhere-else.example';

/** Rules that let pages of an origin upload and download. */
function rulesFor(origin: string): readonly object[] {
  return [
    {
      corsRuleName: 'uploads',
      allowedOrigins: [origin],
      allowedOperations: ['b2_upload_file', 'b2_upload_part'],
      allowedHeaders: ['authorization', 'content-type', 'x-bz-*'],
      maxAgeSeconds: 60,
    },
    {
      corsRuleName: 'downloads',
      allowedOrigins: [origin],
      allowedOperations: ['b2_download_file_by_name', 'b2_download_file_by_id'],
      allowedHeaders: ['authorization', 'range'],
      exposeHeaders: ['x-bz-content-sha1', 'x-bz-info-*'],
      maxAgeSeconds: 60,
    },
  ];
}

scenarios('a page of another origin', (world) => {
  let api: Api;
  let page: BrowserPage;

  beforeEach(async () => {
    api = await Api.open(world().folder, world().endpoint, world().server.credentials);
    page = await BrowserPage.open(world().folder);
  });
  afterEach(async () => {
    await page.close();
  });

  const bucketWith = async (corsRules: readonly object[]): Promise<{ bucket: string; bucketId: string }> => {
    const bucket = await world().bucket('--cors-rules', JSON.stringify(corsRules));
    const { bucketId = '' } = (await world().b2.json(['bucket', 'get', bucket])) as Json;
    return { bucket, bucketId };
  };

  const upload = async (bucketId: string, name: string, token?: string): Promise<PageAnswer> => {
    const { uploadUrl: url = '', authorizationToken = '' } = await api.call('b2_get_upload_url', { bucketId });
    const headers = {
      Authorization: token ?? authorizationToken,
      'Content-Type': 'text/plain',
      'X-Bz-Content-Sha1': sha1(Buffer.from(content)),
      'X-Bz-File-Name': name,
      'X-Bz-Info-color': 'red',
    };
    return page.send({ url, method: 'POST', headers, body: content });
  };

  const uploaded = async (bucketId: string, name: string): Promise<void> => {
    expect(await upload(bucketId, name)).toMatchObject({ blocked: false, status: 200 });
  };

  const downloadToken = async (bucketId: string): Promise<string> => {
    const fields = { bucketId, fileNamePrefix: 'shared/', validDurationInSeconds: 600 };
    return (await api.call('b2_get_download_authorization', fields))['authorizationToken'] ?? '';
  };

  test('uploads a file, and the b2 tool reads it', async () => {
    const { bucket, bucketId } = await bucketWith(rulesFor(page.origin));
    await uploaded(bucketId, 'shared/a');
    const target = join(world().folder, 'target');
    await world().b2.ok(['file', 'download', '--no-progress', `b2://${bucket}/shared/a`, target]);
    expect(await page.send({ url: page.origin })).toMatchObject({ status: 200 });
  });

  test('uploads a part of a large file', async () => {
    const { bucketId } = await bucketWith(rulesFor(page.origin));
    const start = { bucketId, fileName: 'large', contentType: 'text/plain' };
    const { fileId } = await api.call('b2_start_large_file', start);
    const { uploadUrl: url = '', authorizationToken = '' } = await api.call('b2_get_upload_part_url', { fileId });
    const headers = {
      Authorization: authorizationToken,
      'X-Bz-Content-Sha1': sha1(Buffer.from(content)),
      'X-Bz-Part-Number': '1',
    };
    const answer = await page.send({ url, method: 'POST', headers, body: content });
    expect(answer).toMatchObject({ blocked: false, status: 200 });
  });

  test('downloads by name with a download token, in the URL and in a header', async () => {
    const { bucket, bucketId } = await bucketWith(rulesFor(page.origin));
    await uploaded(bucketId, 'shared/a');
    const url = `${world().endpoint.url}/file/${bucket}/shared/a`;
    const token = await downloadToken(bucketId);
    const inUrl = await page.send({ url: `${url}?Authorization=${encodeURIComponent(token)}` });
    const inHeader = await page.send({ url, headers: { Authorization: token } });
    const part = await page.send({ url, headers: { Authorization: token, Range: 'bytes=0-7' } });
    for (const answer of [inUrl, inHeader]) {
      expect(answer).toMatchObject({ blocked: false, status: 200, text: content });
      // A script sees what the rule exposes, whatever else the answer has.
      const { headers } = answer as PageAnswer & { blocked: false };
      expect(headers['x-bz-content-sha1']).toBe(sha1(Buffer.from(content)));
      expect(headers['x-bz-info-color']).toBe('red');
      expect(Object.keys(headers)).not.toContain('x-bz-file-id');
    }
    expect(part).toMatchObject({ blocked: false, status: 206, text: content.slice(0, 8) });
  });

  test('downloads with an account token in a header only', async () => {
    const { bucket, bucketId } = await bucketWith(rulesFor(page.origin));
    await uploaded(bucketId, 'shared/a');
    const url = `${world().endpoint.url}/file/${bucket}/shared/a`;
    expect(await page.send({ url, headers: { Authorization: api.token } })).toMatchObject({ status: 200 });
    const inUrl = `${url}?Authorization=${encodeURIComponent(api.token)}`;
    // A range from the end makes the browser ask first, which one from the start does not; and that is denied.
    expect(await page.send({ url: inUrl, headers: { Range: 'bytes=-8' } })).toMatchObject({ blocked: true });
  });

  test('can read what went wrong', async () => {
    const { bucket, bucketId } = await bucketWith(rulesFor(page.origin));
    const wrong = await upload(bucketId, 'shared/a', 'not-a-token');
    expect(wrong).toMatchObject({ blocked: false, status: 401 });
    expect(JSON.parse((wrong as { text: string }).text)).toMatchObject({ code: 'bad_auth_token' });
    const missing = await page.send({
      url: `${world().endpoint.url}/file/${bucket}/shared/missing`,
      headers: { Authorization: await downloadToken(bucketId) },
    });
    expect(missing).toMatchObject({ blocked: false, status: 404 });
  });

  test.each([
    ['there are no rules', () => []],
    ['the rules are for another origin', () => rulesFor(stranger)],
    [
      'no rule is for the operation',
      (origin: string) => rulesFor(origin).map((rule) => ({ ...rule, allowedOperations: ['s3_put'] })),
    ],
    [
      'no rule allows the headers',
      (origin: string) => rulesFor(origin).map((rule) => ({ ...rule, allowedHeaders: ['accept'] })),
    ],
  ] as const)('is blocked where %s', async (_, rules) => {
    const { bucket, bucketId } = await bucketWith(rules(page.origin));
    expect(await upload(bucketId, 'shared/a')).toMatchObject({ blocked: true });
    const url = `${world().endpoint.url}/file/${bucket}/shared/a`;
    const headers = { Authorization: await downloadToken(bucketId) };
    expect(await page.send({ url, headers })).toMatchObject({ blocked: true });
    // The browser never sent the upload.
    expect(await world().b2.ok(['ls', '-r', `b2://${bucket}`])).toBe('');
  });
});
