import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { useScene } from './harness/scene.ts';

// A part in three and a file in three fail on the server's side, and every answer takes its time.
const scene = useScene(['--test-mode', '--test-upload-failure-rate', '0.34', '--test-latency-ms', '30']);

it('uploads arrive although the server fails some of them', async () => {
  const { bucketId } = await scene.api.api.createBucket({ bucketName: 'some-fail', bucketType: 'allPrivate' });
  const page = await scene.signedIn({ path: '/buckets/some-fail/files' });
  const files = Array.from({ length: 6 }, (_, index) => ({
    name: `file-${String(index)}.bin`,
    mimeType: 'application/octet-stream',
    buffer: randomBytes(100_000),
  }));
  await page.locator('input[type=file]').first().setInputFiles(files);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Upload/ })
    .click();
  await expect
    .poll(
      async () => {
        const names: string[] = [];
        for await (const { fileName } of scene.api.list.fileNames({ bucketId })) names.push(fileName);
        return names;
      },
      { timeout: 90_000 },
    )
    .toEqual(files.map(({ name }) => name));
});

it('says in words that the server is gone, and goes on when it is there again', async () => {
  const page = await scene.signedIn();
  await page.getByRole('heading', { name: 'Buckets' }).waitFor();
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Application keys' }).click();
  await page.getByText('The server could not be reached', { exact: false }).first().waitFor({ timeout: 60_000 });
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('The server could not be reached', { exact: false }).first().waitFor({ state: 'detached' });
});

it('gets a new token when the old one expires, without a word', async () => {
  const page = await scene.signedIn();
  await page.context().setExtraHTTPHeaders({ 'X-Bz-Test-Mode': 'expire_some_account_authorization_tokens' });
  for (let round = 0; round < 3; round++) {
    await page.getByRole('link', { name: 'Application keys' }).click();
    await page.getByRole('heading', { name: 'Application keys' }).waitFor();
    await page.getByRole('link', { name: 'Buckets' }).click();
    await page.getByText('some-fail').first().waitFor();
  }
  expect(await page.getByRole('alert').count()).toBe(0);
});
