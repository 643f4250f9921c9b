import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ExamplePage } from '../harness/example-page.ts';
import { s3Scenarios } from '../harness/s3/s3-scenario.ts';

const keyHeader = 'x-bz-server-side-encryption-customer-key';
const nothingKept = { local: 0, session: 0, databases: 0, caches: 0, cookie: '', cookies: 0 };

/** Rules for a page that is yet to get its origin: uploads and downloads, and all headers of B2. */
const corsRules = [
  {
    corsRuleName: 'example-page',
    allowedOrigins: ['*'],
    allowedOperations: ['b2_upload_file', 'b2_download_file_by_id'],
    allowedHeaders: ['authorization', 'content-type', 'x-bz-*'],
    exposeHeaders: ['x-bz-*'],
    maxAgeSeconds: 60,
  },
];

// The page speaks the native API only; these scenarios need no tool beside it.
s3Scenarios('the example page of @coffer/client', (world) => {
  let page: ExamplePage;
  beforeEach(async () => {
    const bucket = await world().bucket({ corsRules });
    const { buckets } = (await world().api.call('b2_list_buckets', {
      accountId: world().api.accountId,
      bucketName: bucket,
    })) as unknown as { buckets: { bucketId: string }[] };
    const bucketIds = buckets.map(({ bucketId }) => bucketId);
    const credentials = await world().applicationKey(['readFiles', 'writeFiles'], { bucketIds });
    page = await ExamplePage.open(world().folder, world().endpoint, credentials);
  });
  afterEach(() => page.close());

  test('uploads and downloads a file under a key that leaves the tab in one header only', async () => {
    const file = world().secretFile('note.bin', 300_000);
    expect(await page.click('new-key')).toBe('new-key: done');
    const key = Buffer.from(await page.page.inputValue('#key'), 'base64');
    expect(key).toHaveLength(32);
    world().leaks.customerKey({ label: 'key of the page', mode: 'SSE-C', key });
    await page.page.setInputFiles('#file', join(world().folder, 'note.bin'));
    expect(await page.click('upload')).toBe('upload: done');
    expect(await page.click('download')).toBe('download: done');
    expect(await page.content()).toBe(readFileSync(join(world().folder, 'note.bin')).toString('base64'));
    expect(file.content.length).toBe(300_000);

    const withKey = await expectKeyInHeadersOnly(page.requests, key);
    expect(withKey.map((request) => new URL(request.url()).pathname.split('/')[3])).toEqual([
      ...['b2_upload_file', 'b2_download_file_by_id'],
    ]);
    for (const request of withKey) expect(new URL(request.url()).origin).toBe(world().endpoint.url);
    expect(await page.kept()).toEqual(nothingKept);
    expect(page.page.url()).toBe(page.url);
  });

  test('says so if the key is another one', async () => {
    world().secretFile('note.bin', 1000);
    await page.click('new-key');
    await page.page.setInputFiles('#file', join(world().folder, 'note.bin'));
    expect(await page.click('upload')).toBe('upload: done');
    await page.click('new-key');
    expect(await page.click('download')).toBe('download: access_denied');
    await page.page.fill('#key', 'c2hvcnQ=');
    expect(await page.click('upload')).toBe('upload: invalid_request');
  });
});

/** Looks through all that was sent. The requests that had the key, in the header that is for it, are returned. */
async function expectKeyInHeadersOnly(requests: readonly Request[], key: Buffer): Promise<Request[]> {
  const base64 = key.toString('base64');
  const forms = [base64, encodeURIComponent(base64), key.toString('base64url'), key.toString('hex')];
  const found: Request[] = [];
  for (const request of requests) {
    const body = request.postDataBuffer() ?? Buffer.alloc(0);
    expect(body.includes(key)).toBe(false);
    const { [keyHeader]: given, ...headers } = await request.allHeaders();
    const sent = [request.url(), body.toString('latin1'), ...Object.values(headers)].join('\n');
    for (const form of forms) expect(sent).not.toContain(form);
    if (given === undefined) continue;
    expect(given).toBe(base64);
    found.push(request);
  }
  expect(requests.length).toBeGreaterThan(4);
  return found;
}
