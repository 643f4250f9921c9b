import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { phone, useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene();

describe('signing in', () => {
  it('refuses a wrong key in words, and then takes the right one', async () => {
    const page = await scene.page();
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill('K001wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The server does not accept this key').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Buckets' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/buckets');
  });

  it('keeps the key in memory only, unless it is kept for the tab', async () => {
    const page = await scene.signedIn();
    const stored = () =>
      page.evaluate<string>(
        'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href, history.state])',
      );
    expect(await stored()).not.toContain(scene.server.key);
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();

    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.getByText('Keep me signed in until this tab closes').click();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await stored()).not.toContain(scene.server.key);
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  it('drops a key that was kept, when the server refuses it and when another is not to be kept', async () => {
    const page = await scene.page();
    const kept = () => page.evaluate<string | null>(`sessionStorage.getItem('coffer.credentials')`);
    const keep = (key: string) =>
      page.evaluate(
        `sessionStorage.setItem('coffer.credentials', ${JSON.stringify(
          JSON.stringify({ keyId: scene.server.keyId, key }),
        )})`,
      );
    await keep('K001wrong');
    await page.reload();
    await page.getByText('The server does not accept this key').waitFor();
    expect(await kept()).toBeNull();

    await keep(scene.server.key);
    await page
      .context()
      .route('**/b2_authorize_account', (route) =>
        route.fulfill({ status: 400, json: { status: 400, code: 'bad_request', message: 'Not now' } }),
      );
    await page.reload();
    await page.getByText('Signing in failed').waitFor();
    expect(await kept()).toContain(scene.server.key);
    await page.context().unroute('**/b2_authorize_account');
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(await kept()).toBeNull();
  });

  it('does not show to who signs in next what the last one was told', async () => {
    const page = await scene.signedIn();
    await page.getByRole('button', { name: 'Create a bucket' }).first().click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('told-of-and-gone');
    await page.keyboard.press('Enter');
    const message = page.getByText('The bucket told-of-and-gone was created');
    await message.waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(await message.count()).toBe(0);
  });

  it('says that the key is gone, and leads to the page to sign in', async () => {
    const made = await scene.api.api.createKey({ keyName: 'soon-gone', capabilities: ['listBuckets', 'listKeys'] });
    const { applicationKeyId } = made;
    const key = made.applicationKey.expose((text) => text);
    const page = await scene.signedIn({ keyId: applicationKeyId, key });
    await scene.api.api.deleteKey({ applicationKeyId });
    await page.getByRole('link', { name: 'Application keys' }).click();
    await page.getByText('This application key no longer exists, or its secret is wrong. Sign in again.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('alert').getByRole('button', { name: 'Sign in again' }).click();
    await page.getByLabel('Application key id').waitFor();
  });

  it('leads to the address that was asked for', async () => {
    const page = await scene.signedIn({ path: '/snapshots' });
    await page.getByRole('heading', { name: 'Snapshots' }).waitFor();
  });

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', phone],
  ] as const)('is accessible and fits: %s', async (name, view) => {
    const page = await scene.page(view);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(page, `sign-in-${name}`);
  });
});
