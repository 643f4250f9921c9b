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
  const page = await scene.page();
  // The server looks at it where it makes the token.
  await page.context().setExtraHTTPHeaders({ 'X-Bz-Test-Mode': 'expire_some_account_authorization_tokens' });
  let expired = 0;
  page.on('response', (response) => {
    if (response.status() === 401) expired++;
  });
  // Every second token lives for five seconds, by chance.
  for (let attempt = 0; attempt < 12 && expired === 0; attempt++) {
    await page.goto(`${scene.server.consoleUrl}/server`);
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Takes reads and writes').waitFor();
    await page.waitForTimeout(5_500);
    await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('coffer_get_server')),
      page.getByRole('button', { name: 'Refresh' }).click(),
    ]);
  }
  expect(expired).toBeGreaterThan(0);
  await page.getByText('Takes reads and writes').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});
