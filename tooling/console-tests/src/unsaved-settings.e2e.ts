import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene();

/** The settings of a bucket of which the type was changed, and not saved. */
async function changed(bucketName: string) {
  await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
  const page = await scene.signedIn({ path: `/buckets/${bucketName}/settings` });
  const type = page.getByRole('region', { name: 'Type', exact: true });
  await type.getByText('Public', { exact: true }).click();
  await type.getByText('Not saved yet').waitFor();
  return { page, type, question: page.getByRole('dialog', { name: 'Leave without saving?' }) };
}

describe('settings that are not saved', () => {
  it('are asked for before another page is opened', async () => {
    const { page, type, question } = await changed('left-without-saving');
    await page.getByRole('link', { name: 'Application keys' }).click();
    await question.getByText('Not saved yet: Type.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'settings-unsaved');
    // The focus is on what does nothing.
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    await type.getByText('Not saved yet').waitFor();
    await page.getByRole('link', { name: 'Application keys' }).click();
    await question.getByRole('button', { name: 'Drop the changes' }).click();
    await page.getByRole('heading', { name: 'Application keys', level: 1 }).waitFor();
  });

  it('are not asked for once they are discarded', async () => {
    const { page, type, question } = await changed('discarded-and-left');
    await type.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('link', { name: 'Application keys' }).click();
    await page.getByRole('heading', { name: 'Application keys', level: 1 }).waitFor();
    expect(await question.count()).toBe(0);
  });

  it('keep the tab from being left without a question of the browser', async () => {
    const { page, type } = await changed('reloaded-and-left');
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.reload({ timeout: 2_000 }).catch(() => undefined);
    await expect.poll(() => asked).toEqual(['beforeunload']);
    await type.getByText('Not saved yet').waitFor();
  });

  it('of a rule: its dialog says that it still has to be saved', async () => {
    await scene.api.api.createBucket({ bucketName: 'with-a-rule', bucketType: 'allPrivate' });
    const page = await scene.signedIn({ path: '/buckets/with-a-rule/settings' });
    await page.getByRole('button', { name: 'Add a lifecycle rule' }).click();
    await page.getByRole('dialog').getByText('It is stored when you save the lifecycle rules').waitFor();
  });
});
