import type { BucketId, FileId } from '@coffer/b2-schema';
import { sseC } from '@coffer/client';
import { SecretBytes } from '@coffer/bytes';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectGood, filesPath, rowOf, select } from './harness/files-page.ts';
import { phone, useScene } from './harness/scene.ts';

const scene = useScene();
const data = new TextEncoder().encode('some text');
let buckets = 0;

interface Prepared {
  readonly bucketName: string;
  readonly bucketId: BucketId;
  readonly upload: (fileName: string, more?: object) => Promise<{ readonly fileId: FileId }>;
  /** `NAME action` of every version. */
  readonly stored: () => Promise<readonly string[]>;
}

async function prepare(settings: object = {}): Promise<Prepared> {
  const bucketName = `actions-${String(++buckets)}-bucket`;
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate', ...settings });
  return {
    ...{ bucketName, bucketId },
    upload: (fileName, more = {}) => scene.api.upload({ bucketId, fileName, data, ...more }),
    stored: async () => {
      const { files } = await scene.api.api.listFileVersions({ bucketId, maxFileCount: 1_000 });
      return files.map(({ fileName, action }) => `${fileName} ${action}`);
    },
  };
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

describe('work on many files', () => {
  it('deletes a folder with everything in it, after it was counted', async () => {
    const { bucketName, upload, stored } = await prepare();
    await Promise.all(Array.from({ length: 30 }, (_, at) => upload(`folder/${String(at)}.txt`)));
    await upload('folder/0.txt');
    await upload('kept.txt');
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await select(page, 'folder/');
    await page.getByText('1 folder selected').waitFor();
    await button(page, 'Delete').click();
    await page.getByText('30 files, 31 versions, 279 B').waitFor();
    await expectGood(page, 'files-delete');
    await button(page, 'Delete 31 versions').click();
    await page.getByText('31 versions deleted').waitFor();
    await rowOf(page, 'folder/').waitFor({ state: 'detached' });
    expect(await stored()).toEqual(['kept.txt upload']);
  });

  it('deletes current versions only, if that is chosen', async () => {
    const { bucketName, upload, stored } = await prepare();
    for (const name of ['a', 'a', 'b', 'c']) await upload(name);
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await rowOf(page, 'a').waitFor();
    await page.getByText('Select all that are loaded').click();
    await page.getByText('3 files selected').waitFor();
    await button(page, 'Delete').click();
    await button(page, 'Delete 3 files').click();
    await page.getByText('3 files deleted').waitFor();
    await rowOf(page, 'b').waitFor({ state: 'detached' });
    expect(await stored()).toEqual(['a upload']);
  });

  it('lists what could not be deleted, and why', async () => {
    const { bucketName, bucketId, upload, stored } = await prepare({ fileLockEnabled: true });
    for (const name of ['held', 'free', 'retained']) await upload(name);
    const { files } = await scene.api.api.listFileNames({ bucketId });
    const [, held, retained] = files;
    if (held?.action !== 'upload' || retained?.action !== 'upload') throw new TypeError('no files');
    await scene.api.api.updateFileLegalHold({ fileName: 'held', fileId: held.fileId, legalHold: 'on' });
    const retainUntilTimestamp = Date.now() + 86_400_000;
    await scene.api.api.updateFileRetention({
      ...{ fileName: 'retained', fileId: retained.fileId },
      fileRetention: { mode: 'governance', retainUntilTimestamp },
    });
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await button(page, 'Actions for the bucket').click();
    await page.getByRole('menuitem', { name: /^Delete/ }).click();
    await button(page, 'Delete 3 versions').click();
    await page.getByText('1 version deleted, 2 failures').waitFor();
    const failures = page.getByRole('list', { name: 'Failures' });
    expect(await failures.getByRole('listitem').count()).toBe(2);
    await failures.getByText('It is under legal hold.').waitFor();
    await failures.getByText(/^It is under governance retention until /).waitFor();
    await expectGood(page, 'files-failures');
    await page.locator('.dialog-actions').getByRole('button', { name: 'Close' }).click();
    await rowOf(page, 'free').waitFor({ state: 'detached' });
    expect(await stored()).toEqual(['held upload', 'retained upload']);

    await select(page, 'retained');
    await button(page, 'Delete').click();
    await page.getByText('Delete versions under governance retention, too').click();
    await button(page, 'Delete 1 file').click();
    await rowOf(page, 'retained').waitFor({ state: 'detached' });
    expect(await stored()).toEqual(['held upload']);
  });

  it('can be stopped', async () => {
    const { bucketName, upload, stored } = await prepare();
    await Promise.all(Array.from({ length: 60 }, (_, at) => upload(`f/${String(at)}`)));
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    let deletes = 0;
    await page.route('**/b2_delete_file_version', async (route) => {
      if (deletes++ >= 8) await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    await select(page, 'f/');
    await button(page, 'Delete').click();
    await button(page, 'Delete 60 versions').click();
    await page.getByText(/^Deleting: [1-9]\d* of 60/).waitFor();
    await button(page, 'Stop').click();
    await page.getByText(/versions? deleted before it was stopped/).waitFor();
    const left = (await stored()).length;
    expect(left).toBeGreaterThan(20);
    expect(left).toBeLessThan(60);
    await page.locator('.dialog-actions').getByRole('button', { name: 'Close' }).click();
    await page.getByText('1 folder selected').waitFor();
  });

  it('hides files, and shows one again', async () => {
    const { bucketName, upload, stored } = await prepare();
    for (const name of ['a', 'f/b', 'f/c']) await upload(name);
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await rowOf(page, 'a').waitFor();
    await page.getByText('Select all that are loaded').click();
    await button(page, 'Hide').click();
    await button(page, 'Hide 3 files').click();
    await page.getByText('There is nothing here').waitFor();
    expect(await stored()).toEqual(['a hide', 'a upload', 'f/b hide', 'f/b upload', 'f/c hide', 'f/c upload']);
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.locator('.file-row').first().click();
    await button(page, 'Unhide').click();
    await page.getByText('Current version').waitFor();
    expect(await stored()).toContain('f/b hide');
    expect(await stored()).not.toContain('a hide');
  });
});

describe('copies', () => {
  it('go into another bucket and folder, and say which customer key is missing', async () => {
    const { bucketName, upload } = await prepare();
    const target = await prepare();
    await upload('f/one');
    await upload('f/g/two');
    await upload('f/three', { encryption: sseC(SecretBytes.random(32), { id: 'my key 7' }) });
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await select(page, 'f/');
    await button(page, 'Copy to …').click();
    await page.getByLabel('Into the folder').fill('f/inside/');
    await page.getByText('A folder cannot be copied into itself.').waitFor();
    expect(await button(page, 'Copy 3 files').isDisabled()).toBe(true);
    await page.getByRole('button', { name: /To the bucket/ }).click();
    await page.getByRole('option', { name: target.bucketName }).click();
    await page.getByLabel('Into the folder').fill('copies/');
    await expectGood(page, 'files-copy');
    await button(page, 'Copy 3 files').click();
    await page.getByText('2 files copied, 1 failure').waitFor();
    await page.getByText('It is encrypted under the customer key “my key 7”, which this tab does not have.').waitFor();
    expect(await target.stored()).toEqual(['copies/f/g/two upload', 'copies/f/one upload']);
  });

  it('are encrypted as was chosen, and say what the bucket’s default is', async () => {
    const source = await prepare();
    const { bucketName, bucketId } = source;
    const target = await prepare();
    await scene.api.defaultEncryption.set(target.bucketId, 'SSE-B2');
    await source.upload('f/one');
    const modeOf = async (place: Prepared, fileName: string) =>
      (await scene.api.api.listFileNames({ bucketId: place.bucketId, prefix: fileName })).files.map((file) =>
        file.action === 'upload' || file.action === 'copy' ? file.serverSideEncryption.mode : undefined,
      );
    const page = await scene.signedIn({ path: filesPath(bucketName, { prefix: 'f/', file: 'f/one' }) });
    const radio = (name: string) => page.getByRole('radio', { name, exact: true });
    const copyAs = async (name: string, encryption: string, where = bucketName) => {
      await button(page, 'Copy to …').click();
      await page.getByRole('button', { name: /To the bucket/ }).click();
      await page.getByRole('option', { name: where }).click();
      await page.getByLabel('As').fill(name);
      await radio(encryption).check({ force: true });
      await button(page, 'Copy 1 file').click();
      await page.getByText('1 file copied').first().waitFor();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await copyAs('f/default', 'The bucket’s default: none');
    await copyAs('f/none', 'None');
    await copyAs('f/server', 'SSE-B2');
    expect(await modeOf(source, 'f/default')).toEqual([null]);
    expect(await modeOf(source, 'f/none')).toEqual([null]);
    expect(await modeOf(source, 'f/server')).toEqual(['SSE-B2']);

    await copyAs('default', 'The bucket’s default: SSE-B2', target.bucketName);
    await copyAs('server', 'SSE-B2', target.bucketName);
    expect(await modeOf(target, '')).toEqual(['SSE-B2', 'SSE-B2']);
    await button(page, 'Copy to …').click();
    await page.getByText('You are told if the bucket’s default was turned on meanwhile').waitFor();
    await radio('None').check({ force: true });
    await page.getByRole('button', { name: /To the bucket/ }).click();
    await page.getByRole('option', { name: target.bucketName }).click();
    await page.getByText('Not possible: this bucket encrypts by default.').waitFor();
    expect(await radio('None').isDisabled()).toBe(true);
    expect(await radio('The bucket’s default: SSE-B2').isChecked()).toBe(true);
    await page.getByText('SSE-C', { exact: true }).waitFor();
    await expectGood(page, 'files-copy-encryption');

    // The default is turned on behind the back of the dialog.
    await page.getByRole('button', { name: /To the bucket/ }).click();
    await page.getByRole('option', { name: bucketName }).click();
    await page.getByLabel('As').fill('f/meanwhile');
    await radio('None').check({ force: true });
    await scene.api.defaultEncryption.set(bucketId, 'SSE-B2');
    await button(page, 'Copy 1 file').click();
    await page.getByText('It was copied, but encrypted', { exact: false }).waitFor();
    expect(await modeOf(source, 'f/meanwhile')).toEqual(['SSE-B2']);
  });

  it('of one file may have another name', async () => {
    const { bucketName, upload, stored } = await prepare();
    await upload('f/one');
    const page = await scene.signedIn({ path: filesPath(bucketName, { prefix: 'f/', file: 'f/one' }) });
    await button(page, 'Copy to …').click();
    await page.getByLabel('As').fill('f/two');
    await button(page, 'Copy 1 file').click();
    await rowOf(page, 'two').waitFor();
    expect(await stored()).toEqual(['f/one upload', 'f/two upload']);
  });
});

describe('locks and links', () => {
  it('sets, extends and removes a retention, and a legal hold', async () => {
    const { bucketName, bucketId, upload } = await prepare({ fileLockEnabled: true });
    await upload('contract.pdf');
    const lock = async () => {
      const [file] = (await scene.api.api.listFileNames({ bucketId })).files;
      return file?.action === 'upload' ? [file.fileRetention.value?.mode, file.legalHold.value] : [];
    };
    const page = await scene.signedIn({ path: filesPath(bucketName, { file: 'contract.pdf' }) });
    const choose = async (name: string) => {
      await button(page, 'More actions for this file').click();
      await page.getByRole('menuitem', { name }).click();
    };
    await choose('Change the retention');
    await expectGood(page, 'files-retention');
    await button(page, 'Set the retention').click();
    await page.getByText(/^Governance, until/).waitFor();
    expect(await lock()).toEqual(['governance', null]);
    await choose('Change the retention');
    await page.getByRole('radio', { name: 'No retention' }).check({ force: true });
    await button(page, 'Remove the retention').click();
    await page.getByText('The retention was removed').waitFor();
    await choose('Set the legal hold');
    await page.getByText('The legal hold is on').waitFor();
    expect(await lock()).toEqual([null, 'on']);
    await choose('Release the legal hold');
    await page.getByText('The legal hold is off').waitFor();
    expect(await lock()).toEqual([null, 'off']);
  });

  it('makes a link with which the file can be downloaded without a key', async () => {
    const { bucketName, upload } = await prepare();
    await upload('f/ä b?.txt');
    const page = await scene.signedIn({ path: filesPath(bucketName, { prefix: 'f/', file: 'f/ä b?.txt' }) });
    await button(page, 'More actions for this file').click();
    await page.getByRole('menuitem', { name: 'Make a link' }).click();
    await page.getByText('Set headers of the answer').click();
    await page.getByLabel('Content-Type').fill('application/x-note');
    await button(page, 'Make a link').click();
    await expectGood(page, 'files-link');
    const link = (await page.getByLabel('Link', { exact: true }).textContent()) ?? '';
    const answer = await fetch(link);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-note']);
    expect(await answer.text()).toBe('some text');
    expect((await fetch(link.replace(/\?.*/, ''))).status).toBe(401);
    await page.locator('.dialog-actions').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog', { name: 'Download link' }).waitFor({ state: 'detached' });
    await button(page, 'More actions for this file').waitFor();
  });

  it('closes the dialog of a link, and not the tab that a script has opened', async () => {
    const { bucketName, upload } = await prepare();
    await upload('a');
    const opener = await scene.page();
    const [page] = await Promise.all([
      opener.waitForEvent('popup'),
      opener.evaluate(`void open(${JSON.stringify(filesPath(bucketName, { file: 'a' }))})`),
    ]);
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.keyboard.press('Enter');
    await button(page, 'More actions for this file').click();
    await page.getByRole('menuitem', { name: 'Make a link' }).click();
    await page.getByRole('dialog', { name: 'Download link' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Download link' }).waitFor({ state: 'detached' });
    expect(page.isClosed()).toBe(false);
  });

  it('shows what the addresses of a public bucket look like', async () => {
    const { bucketName, upload } = await prepare({ bucketType: 'allPublic' });
    await upload('f/a b.txt');
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await button(page, 'Actions for the bucket').click();
    await page.getByRole('menuitem', { name: 'Make links for the bucket' }).click();
    const address = (await page.getByLabel('Public address', { exact: true }).textContent()) ?? '';
    expect(await (await fetch(address.replace('NAME', 'f/a%20b.txt'))).text()).toBe('some text');
    await expectGood(page, 'files-public-links');
  });

  it('tells before and after why a version is not deleted', async () => {
    const { bucketName, upload, stored } = await prepare({ fileLockEnabled: true });
    const { fileId } = await upload('held');
    await scene.api.api.updateFileLegalHold({ fileName: 'held', fileId, legalHold: 'on' });
    const page = await scene.signedIn({ path: filesPath(bucketName, { file: 'held' }) });
    await button(page, 'More actions for this file').click();
    await page.getByRole('menuitem', { name: 'Delete this version' }).click();
    const question = page.getByRole('dialog', { name: 'Delete this version?' });
    await question.getByText('It is under legal hold.').waitFor();
    await expectGood(page, 'files-delete-held');
    await question.getByRole('button', { name: 'Delete 1 version' }).click();
    await page.getByText(/^It is under legal hold\. \(code access_denied/).waitFor();
    expect(await stored()).toEqual(['held upload']);
  });
});

it('says in words when the server fails, and lists again', async () => {
  const { bucketName, upload } = await prepare();
  await upload('a');
  const page = await scene.page({}, filesPath(bucketName));
  let isBroken = true;
  await page.route('**/b2_list_file_names', (route) =>
    isBroken
      ? route.fulfill({ status: 400, json: { status: 400, code: 'bad_request', message: 'made up by the test' } })
      : route.continue(),
  );
  await page.getByLabel('Application key id').fill(scene.server.keyId);
  await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The files could not be listed').waitFor();
  await expectGood(page, 'files-error');
  isBroken = false;
  await button(page, 'Try again').click();
  await rowOf(page, 'a').waitFor();
});

it.each([
  ['desktop', {}],
  ['phone', phone],
] as const)('dialogs fit: %s', async (name, view) => {
  const { bucketName, upload } = await prepare();
  for (let at = 0; at < 5; at++) await upload(`${'long-name-'.repeat(20)}${String(at)}`);
  const page = await scene.signedIn({ ...view, path: filesPath(bucketName) });
  await page.locator('.file-row').first().waitFor();
  await page.getByText('Select all that are loaded').click();
  await expectGood(page, `files-selected-${name}`);
  await button(page, 'Copy to …').click();
  await page.getByText('5 files').last().waitFor();
  await expectGood(page, `files-copy-${name}`);
  await button(page, 'Cancel').click();
  await button(page, 'Delete').click();
  await button(page, 'Delete 5 files').waitFor();
  await expectGood(page, `files-delete-${name}`);
});
