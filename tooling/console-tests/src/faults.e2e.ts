import { expect, it } from 'vitest';
import { useScene } from './harness/scene.ts';

// Every answer takes its time.
const scene = useScene(['--test-mode', '--test-latency-ms', '30']);

it('says in words that the server is gone, and goes on when it is there again', async () => {
  const page = await scene.signedIn();
  await page.getByRole('heading', { name: 'Buckets' }).waitFor();
  // The other pages are loaded in advance.
  const loaded = `performance.getEntriesByType('resource').some(({ name }) => name.includes('application-keys-page'))`;
  await expect.poll(() => page.evaluate(loaded)).toBe(true);
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Application keys' }).click();
  await page.getByText('The server could not be reached', { exact: false }).first().waitFor({ timeout: 60_000 });
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('The server could not be reached', { exact: false }).first().waitFor({ state: 'detached' });
});

it('gets a new token when the old one expires, without a word', async () => {
  await scene.api.api.createBucket({ bucketName: 'always-there', bucketType: 'allPrivate' });
  const page = await scene.signedIn();
  await page.context().setExtraHTTPHeaders({ 'X-Bz-Test-Mode': 'expire_some_account_authorization_tokens' });
  for (let round = 0; round < 3; round++) {
    await page.getByRole('link', { name: 'Application keys' }).click();
    await page.getByRole('heading', { name: 'Application keys' }).waitFor();
    await page.getByRole('link', { name: 'Buckets' }).click();
    await page.getByText('always-there').first().waitFor();
  }
  expect(await page.getByRole('alert').count()).toBe(0);
});
