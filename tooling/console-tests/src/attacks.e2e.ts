import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { BucketId } from '@coffer/b2-schema';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useScene } from './harness/scene.ts';

const scene = useScene(['--console-encrypted-downloads']);

/** Each would run a script, or load something from elsewhere, if it ever became markup. */
const payloads = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(2)</script>',
  "'onfocus='alert(3)' autofocus='",
  '<svg onload=alert(4)>',
  'javascript:alert(5)',
  '{{constructor.constructor("alert(6)")()}}',
  '<iframe srcdoc="<script>parent.alert(7)</script>">',
  '</title><script>alert(8)</script>',
] as const;

/** A page of another origin on this machine. */
let elsewhere: Server;
let elsewhereUrl: string;
const bucketName = 'attacks-of-every-kind';
let bucketId: BucketId;

beforeAll(async () => {
  elsewhere = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<!doctype html>'));
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  elsewhereUrl = `http://127.0.0.1:${String((elsewhere.address() as AddressInfo).port)}`;

  const { api } = scene;
  const [first, second] = payloads;
  ({ bucketId } = await api.api.createBucket({
    bucketName,
    bucketType: 'allPrivate',
    bucketInfo: { 'x-payload': first, 'x-other': second },
    corsRules: [
      {
        corsRuleName: 'evil-rule',
        allowedOrigins: ['https://evil.example'],
        allowedOperations: ['b2_upload_file'],
        maxAgeSeconds: 10,
        allowedHeaders: ['*'],
        exposeHeaders: null,
      },
    ],
    lifecycleRules: [{ fileNamePrefix: `${first}/`, daysFromHidingToDeleting: 7, daysFromUploadingToHiding: null }],
  }));
  for (const [index, payload] of payloads.entries()) {
    const data = new TextEncoder().encode(`<script>alert(${String(index)})</script>`);
    await api.upload({
      ...{ bucketId, fileName: `${payload}/${payload}.html`, data, contentType: 'text/html' },
      fileInfo: { payload, 'b2-content-disposition': 'inline' },
    });
  }
  await api.api.createKey({ keyName: 'plain-name', capabilities: ['listFiles'], namePrefix: first });
});

afterAll(() => {
  elsewhere.close();
});

/** Fails the test if a script of somebody else runs, or if the page goes or loads anything elsewhere. */
function watch(page: Page): readonly string[] {
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:' && origin !== scene.server.consoleUrl) seen.push(request.url());
  });
  page.on('popup', (popup) => seen.push(`popup: ${popup.url()}`));
  return seen;
}

describe('stored texts of every kind are shown as texts', () => {
  it('in the list of buckets and in their settings', async () => {
    const page = await scene.signedIn();
    const seen = watch(page);
    await page.getByText(bucketName).first().waitFor();
    const settings = await scene.signedIn({ path: `/buckets/${bucketName}/settings` });
    const seenThere = watch(settings);
    await settings.getByText(`${payloads[0]}/`).first().waitFor();
    await settings.getByText('evil-rule').first().waitFor();
    expect(await settings.locator('iframe, object, embed, #root script, #root img[src=x]').count()).toBe(0);
    expect([...seen, ...seenThere]).toEqual([]);
  });

  it('in the list of files, in folders and in details', async () => {
    for (const payload of payloads) {
      const search = new URLSearchParams({ prefix: `${payload}/`, file: `${payload}/${payload}.html` });
      const page = await scene.signedIn({ path: `/buckets/${bucketName}/files?${search.toString()}` });
      const seen = watch(page);
      await page.getByText(`${payload}.html`).first().waitFor();
      await page.getByText('sha', { exact: false }).first().waitFor();
      expect(await page.locator('iframe, object, embed, #root script').count()).toBe(0);
      expect(seen).toEqual([]);
      await page.context().close();
    }
  });

  it('in application keys', async () => {
    const page = await scene.signedIn({ path: '/application-keys' });
    const seen = watch(page);
    await page.getByText('plain-name').first().waitFor();
    await page.getByText(payloads[0]).first().waitFor();
    expect(seen).toEqual([]);
  });
});

describe('another site', () => {
  it('cannot show the console in a frame', async () => {
    const page = await scene.page();
    await page.goto(elsewhereUrl);
    await page.evaluate(`document.body.innerHTML = '<iframe src="${scene.server.consoleUrl}/buckets"></iframe>'`);
    await page.waitForTimeout(1_000);
    const [, frame] = page.frames();
    expect(await frame?.content()).not.toContain('root');
    scene.problems.length = 0;
  });

  it('has no credentials that a browser would send along, and reads no answer', async () => {
    const signedIn = await scene.signedIn();
    expect(await signedIn.context().cookies()).toEqual([]);
    const other = await signedIn.context().newPage();
    await other.goto(elsewhereUrl);
    const answer = await other.evaluate<string>(
      `fetch('${scene.server.consoleUrl}/b2api/v4/b2_list_buckets', { method: 'POST', credentials: 'include',
        body: '{}' }).then((answer) => 'read ' + answer.status, () => 'refused')`,
    );
    expect(answer).toBe('refused');
    // Not even who asks the server directly with all that the browser knows of it gets anything.
    const direct = await signedIn.context().request.post(`${scene.server.consoleUrl}/b2api/v4/b2_list_buckets`);
    expect(direct.status()).toBe(401);
  });

  it.each([
    '//evil.example/',
    '/\\evil.example',
    '/%2F%2Fevil.example',
    '/buckets?redirect=https://evil.example',
    '/@evil.example',
  ])('is not where an address of the console leads: %s', async (path) => {
    const page = await scene.page();
    const seen = watch(page);
    const answer = await page.goto(`${scene.server.consoleUrl}${path}`);
    expect(new URL(page.url()).origin).toBe(scene.server.consoleUrl);
    // Something like a file that is not there.
    if (answer?.status() === 404) return;
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(new URL(page.url()).origin).toBe(scene.server.consoleUrl);
    expect(seen).toEqual([]);
  });
});

describe('the address of a file, opened in the tab', () => {
  it('is a download, never a page of this origin', async () => {
    const name = `${payloads[1]}/${payloads[1]}.html`;
    const { authorizationToken } = await scene.api.api.getDownloadAuthorization({
      ...{ bucketId, fileNamePrefix: '', validDurationInSeconds: 600 },
    });
    const token = authorizationToken.expose((text) => text);
    const page = await scene.signedIn();
    const seen = watch(page);
    const path = name.split('/').map(encodeURIComponent).join('/');
    const address = `${scene.server.consoleUrl}/file/${bucketName}/${path}?Authorization=${encodeURIComponent(token)}`;
    const [download] = await Promise.all([page.waitForEvent('download'), page.goto(address).catch(() => undefined)]);
    expect(download.suggestedFilename()).toMatch(/html$/);
    for (const override of [
      '&b2ContentDisposition=inline',
      '&b2ContentType=text/html',
      '&b2ContentDisposition=INLINE',
    ]) {
      const answer = await page.context().request.get(address + override);
      expect(answer.headers()['content-disposition'] ?? '').toMatch(/^attachment/);
      expect(answer.headers()['content-security-policy']).toContain('sandbox');
      expect(answer.headers()['x-content-type-options']).toBe('nosniff');
    }
    expect(seen).toEqual([]);
  });
});
