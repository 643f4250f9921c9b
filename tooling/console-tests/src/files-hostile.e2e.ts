import type { BucketId } from '@coffer/b2-schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectGood, filesPath, rowOf, select } from './harness/files-page.ts';
import { phone, useScene } from './harness/scene.ts';

const scene = useScene();
const bucketName = 'hostile-names';
let bucketId: BucketId;

/** So high that every row is seen. */
const tall = { height: 1_600 };

/** Names that the server takes, and how the page shows them. */
const names: readonly (readonly [name: string, shown?: string])[] = [
  ['<img src=x onerror="document.title=1">'],
  ['"><script>alert(1)<!-- '.trimEnd()],
  ['invoice\u202efdp.exe', 'invoice\\u{202e}fdp.exe'],
  ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
  ['c1 \u0085 control', 'c1 \\u{85} control'],
  [' spaces at both ends ', '\\u{20}spaces at both ends\\u{20}'],
  ['__proto__'],
  ['constructor'],
  ['.'],
  ['..'],
  ['back\\slash'],
  ['emoji 😀 👩‍👩‍👧'],
  ['percent %2F %00 %'],
  ['a?b#c&d=e+f'],
  ['מסמך.txt'],
  ['x'.repeat(1_024)],
];

/** Names in folders with difficult names: folder by folder, and the name in it. */
const nested: readonly (readonly string[])[] = [
  ['?/', 'in a question mark'],
  ['../', '../', 'up'],
  ['/', '/', 'no names at all'],
  ['%2F/', 'percent'],
  ['#/', '&a=b/', 'fragment'],
  ['y'.repeat(300) + '/', 'z'.repeat(300) + '/', 'deep'],
];

beforeAll(async () => {
  ({ bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' }));
  const data = new TextEncoder().encode('x');
  for (const [name] of names) await scene.api.upload({ bucketId, fileName: name, data });
  for (const steps of nested) await scene.api.upload({ bucketId, fileName: steps.join(''), data });
});

/** What is left of a name: the actions of its versions, the newest first. */
async function versionsOf(name: string): Promise<readonly string[]> {
  const { files } = await scene.api.api.listFileVersions({ bucketId, prefix: name, startFileName: name });
  return files.filter(({ fileName }) => fileName === name).map(({ action }) => action);
}

describe('a bucket full of hostile names', () => {
  it.each([
    ['desktop', {}],
    ['phone', phone],
    ['dark', { colorScheme: 'dark' }],
  ] as const)('is shown as text, and fits: %s', async (view, options) => {
    const page = await scene.signedIn({ ...options, path: filesPath(bucketName) });
    await page.locator('.file-row').first().waitFor();
    await expectGood(page, `files-hostile-${view}`);
    expect(await page.evaluate('document.querySelectorAll("main img, main script").length')).toBe(0);
    await page.goto('about:blank');
    const long = 'x'.repeat(1_024);
    const detailed = await scene.signedIn({ ...options, path: filesPath(bucketName, { file: long }) });
    await detailed.getByText('1 byte').waitFor();
    await expectGood(detailed, `files-hostile-details-${view}`);
    const [one = '', two = ''] = nested.at(-1) ?? [];
    const deep = await scene.signedIn({ ...options, path: filesPath(bucketName, { prefix: one + two }) });
    await rowOf(deep, 'deep').waitFor();
    await expectGood(deep, `files-hostile-folder-${view}`);
  });

  it('can be opened, bookmarked, hidden and deleted, name by name', async () => {
    const page = await scene.page(tall, filesPath(bucketName));
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.getByText('Keep me signed in until this tab closes').click();
    await page.getByRole('button', { name: 'Sign in' }).click();
    const heading = page.getByRole('complementary').getByRole('heading', { level: 2 });
    for (const [name, shown = name] of names) {
      await rowOf(page, shown).click();
      await page.getByText('1 byte').waitFor();
      expect(await heading.textContent()).toBe(shown);
      const bookmarked = page.url();
      await page.reload();
      await page.getByText('1 byte').waitFor();
      expect(page.url()).toBe(bookmarked);
      expect(await heading.textContent()).toBe(shown);
      expect(new URL(bookmarked).searchParams.get('file')).toBe(name);

      await page.getByRole('button', { name: 'More actions for this file' }).click();
      await page.getByRole('menuitem', { name: 'Hide' }).click();
      await page.getByText('Hidden by this hide marker').waitFor();
      expect(await versionsOf(name)).toEqual(['hide', 'upload']);
      await page.getByRole('button', { name: 'Unhide' }).click();
      await page.getByText('Current version').waitFor();
      expect(await versionsOf(name)).toEqual(['upload']);

      await page.getByRole('button', { name: 'Close the details' }).click();
      await select(page, shown);
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('button', { name: 'Delete 1 file' }).click();
      await rowOf(page, shown).waitFor({ state: 'detached' });
      expect(await versionsOf(name)).toEqual([]);
    }
    expect(await page.title()).toBe(`${bucketName} – Coffer`);
  });

  it('has folders with hostile names, each with its address', async () => {
    const page = await scene.signedIn({ ...tall, path: filesPath(bucketName) });
    for (const steps of nested) {
      let prefix = '';
      for (const step of steps.slice(0, -1)) {
        await rowOf(page, step).click();
        prefix += step;
        await expect.poll(() => new URL(page.url()).searchParams.get('prefix')).toBe(prefix);
      }
      await rowOf(page, steps.at(-1) ?? '').waitFor();
      const crumbs = page.getByRole('navigation', { name: 'Folders' }).getByRole('link');
      expect(await crumbs.count()).toBe(steps.length);
      await crumbs.first().click();
      await rowOf(page, steps[0] ?? '').waitFor();
      await select(page, steps[0] ?? '');
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('button', { name: 'Delete 1 version' }).click();
      await rowOf(page, steps[0] ?? '').waitFor({ state: 'detached' });
      expect(await versionsOf(steps.join(''))).toEqual([]);
    }
  });
});
