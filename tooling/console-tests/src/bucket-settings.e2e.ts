import type { BucketId } from '@coffer/b2-schema';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { phone, useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene();
const webhook = 'https://hooks.example.com/coffer';
/** Longer than anything that breaks by itself, with markup and a mark that reverses what is behind it. */
const hostilePrefix = `<img src=x onerror=alert(1)>\u202e${'n'.repeat(900)}/`;
let count = 0;

async function createBucket(options: { readonly fileLockEnabled?: boolean } = {}) {
  const bucketName = `settings-${String(++count)}-${Math.random().toString(36).slice(2, 8)}`;
  return scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate', ...options });
}

async function stored(bucketId: BucketId) {
  const bucket = (await scene.api.api.listBuckets({ bucketId })).buckets[0];
  if (bucket === undefined) throw new Error('there is no such bucket');
  return bucket;
}

async function open(bucketName: string, options: object = {}): Promise<Page> {
  const page = await scene.signedIn({ path: `/buckets/${bucketName}/settings`, ...options });
  await page.getByRole('heading', { name: `Settings of ${bucketName}` }).waitFor();
  await page.getByRole('region', { name: 'This bucket' }).waitFor();
  return page;
}

async function save(section: Locator, said: string): Promise<void> {
  await section.getByRole('button', { name: 'Save' }).click();
  await section.page().getByText(said).first().waitFor();
  await section.getByText('Not saved yet').waitFor({ state: 'detached' });
}

async function keyWith(capabilities: readonly string[], fields: object = {}) {
  const keyName = `limited-${String(++count)}`;
  const made = await scene.api.api.createKey({ keyName, capabilities: capabilities as never, ...fields });
  return { keyId: made.applicationKeyId, key: made.applicationKey.expose((text) => text) };
}

describe('a setting', () => {
  it('default encryption: is turned on and off, and says that files stay as they are', async () => {
    const { bucketId, bucketName } = await createBucket();
    const page = await open(bucketName);
    const section = page.getByRole('region', { name: 'Default encryption' });
    await section.getByText('Existing files never change by it.', { exact: false }).waitFor();
    await section.getByText('On: SSE-B2').click();
    await save(section, 'Default encryption is on');
    expect(await scene.api.defaultEncryption.get(bucketId)).toBe('SSE-B2');
    await section.getByText('Off', { exact: true }).click();
    await save(section, 'Default encryption is off');
    expect(await scene.api.defaultEncryption.get(bucketId)).toBe('none');
  });

  it('type, info and Object Lock: are saved each by itself, one after the other', async () => {
    const { bucketId, bucketName } = await createBucket();
    const page = await open(bucketName);
    const info = page.getByRole('region', { name: 'Bucket info' });
    await info.getByRole('button', { name: 'Add an entry' }).click();
    await info.getByLabel('Name 1').fill('not a name');
    await info.getByLabel('Value 1').fill('<b>fine</b>');

    const type = page.getByRole('region', { name: 'Type', exact: true });
    await type.getByText('Public', { exact: true }).click();
    await save(type, 'The type of the bucket was saved');
    expect((await stored(bucketId)).bucketType).toBe('allPublic');

    await info.getByRole('button', { name: 'Save' }).click();
    await info.getByText(/^Bucket info names must be/).waitFor();
    await info.getByLabel('Name 1').fill('team');
    await save(info, 'The bucket info was saved');
    expect((await stored(bucketId)).bucketInfo).toEqual({ team: '<b>fine</b>' });

    const lock = page.getByRole('region', { name: 'Object Lock' });
    await lock.getByRole('button', { name: 'Turn on Object Lock …' }).click();
    await page.getByRole('button', { name: 'Turn on', exact: true }).click();
    await lock.getByText('Compliance', { exact: true }).click();
    await lock.getByRole('button', { name: 'Save' }).click();
    await lock.getByText('Enter how long new files are protected.').waitFor();
    await lock.getByLabel('Period').fill('3001');
    await lock.getByText('A retention period must be no more than 3000 days').waitFor();
    await lock.getByLabel('Period').fill('7');
    await save(lock, 'The default retention was saved');
    expect((await stored(bucketId)).fileLockConfiguration.value).toEqual({
      isFileLockEnabled: true,
      defaultRetention: { mode: 'compliance', period: { duration: 7, unit: 'days' } },
    });
  });
});

describe('rules', () => {
  it('CORS: are added, moved, edited as JSON without loss, and removed', async () => {
    const { bucketId, bucketName } = await createBucket();
    const page = await open(bucketName);
    const section = page.getByRole('region', { name: 'CORS rules' });
    for (const name of ['first-rule', 'second-rule']) {
      await section.getByRole('button', { name: 'Add a CORS rule' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog.getByText('Rule names must be 6 to 63 letters, digits or hyphens').waitFor();
      await dialog.getByText('There must be at least one.').nth(1).waitFor();
      await expect.poll(() => dialog.getByLabel('Rule name').and(page.locator(':focus')).count()).toBe(1);
      if (name === 'first-rule') {
        expect(await accessibilityProblems(page)).toEqual([]);
        await screenshot(page, 'settings-cors-rule');
      }
      await dialog.getByLabel('Rule name').fill(name);
      await dialog.getByLabel('Allowed origins').fill('https://www.example.com\n\n https://*.example.org ');
      await dialog.getByText('b2_download_file_by_name').click();
      await dialog.getByLabel('Headers that a request may have').fill('authorization');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    }
    await section.getByRole('button', { name: 'Move second-rule up' }).click();
    await save(section, 'The CORS rules were saved');
    const rule = {
      allowedOrigins: ['https://www.example.com', 'https://*.example.org'],
      allowedOperations: ['b2_download_file_by_name'],
      allowedHeaders: ['authorization'],
      exposeHeaders: null,
      maxAgeSeconds: 3600,
    };
    const both = [
      { corsRuleName: 'second-rule', ...rule },
      { corsRuleName: 'first-rule', ...rule },
    ];
    expect((await stored(bucketId)).corsRules).toEqual(both);

    await section.getByRole('button', { name: 'Edit as JSON' }).click();
    const text = section.getByLabel('CORS rules as JSON');
    expect(JSON.parse(await text.inputValue())).toEqual(both);
    await text.fill('[{');
    await section.getByRole('button', { name: 'Save' }).click();
    await section.getByText(/^This is not JSON/).waitFor();
    await text.fill(JSON.stringify([{ ...both[0], maxAgeSeconds: -1 }]));
    await section.getByRole('button', { name: 'Back to the form' }).click();
    await section.getByText('[0].maxAgeSeconds: This must be at least 0.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await section.scrollIntoViewIfNeeded();
    await screenshot(page, 'settings-json');
    await text.fill(JSON.stringify([{ ...both[0], exposeHeaders: ['etag'], maxAgeSeconds: 5 }]));
    await section.getByRole('button', { name: 'Back to the form' }).click();
    await section.getByRole('button', { name: 'Edit second-rule' }).click();
    expect(await page.getByLabel('Headers that a page may read of the answer').inputValue()).toBe('etag');
    await page.getByRole('button', { name: 'Apply' }).click();
    await save(section, 'The CORS rules were saved');
    expect((await stored(bucketId)).corsRules).toEqual([{ ...both[0], exposeHeaders: ['etag'], maxAgeSeconds: 5 }]);

    await section.getByRole('button', { name: 'Remove second-rule' }).click();
    await save(section, 'The CORS rules were saved');
    expect((await stored(bucketId)).corsRules).toEqual([]);
  });

  it('lifecycle: are made with the keyboard alone, and refused where they overlap', async () => {
    const { bucketId, bucketName } = await createBucket();
    const page = await open(bucketName);
    const section = page.getByRole('region', { name: 'Lifecycle rules' });
    const add = async (prefix: string, days: string): Promise<void> => {
      await section.getByRole('button', { name: 'Add a lifecycle rule' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.type(prefix);
      await page.keyboard.press('Tab');
      await page.keyboard.type(days);
      await page.keyboard.press('Enter');
    };
    await add('logs/', '');
    await page.getByText('A lifecycle rule must give at least one number of days').waitFor();
    await page.keyboard.type('30');
    await page.keyboard.press('Enter');
    await section.getByText('hide 30 days after upload').waitFor();
    await add('logs/old/', '3');
    await page.getByText('The prefix of a lifecycle rule must not begin with that of another').waitFor();
    await page.keyboard.press('Escape');
    await section.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The lifecycle rules were saved').waitFor();
    expect((await stored(bucketId)).lifecycleRules).toMatchObject([
      { fileNamePrefix: 'logs/', daysFromUploadingToHiding: 30, daysFromHidingToDeleting: null },
    ]);
  });

  it('notifications: are saved with their secrets, which the form does not show', async () => {
    const { bucketId, bucketName } = await createBucket();
    const page = await open(bucketName);
    const section = page.getByRole('region', { name: 'Event notifications' });
    await section.getByRole('button', { name: 'Add a notification rule' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Rule name').fill('some-rule');
    await dialog.getByText('b2:ObjectDeleted:Delete').click();
    await dialog.getByText('b2:ObjectCreated:Copy').click();
    await dialog.getByRole('button', { name: 'Make a secret' }).click();
    await dialog.getByRole('button', { name: 'Add a header' }).click();
    await dialog.getByLabel('Name 1').fill('X-Token');
    await dialog.getByLabel('Value 1').fill('open sesame');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByText('The URL of a webhook must be an absolute https URL').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'settings-notification-rule');
    await dialog.getByLabel('URL of the webhook').fill(webhook);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await save(section, 'The notification rules were saved');
    const { eventNotificationRules: rules } = await scene.api.api.getBucketNotificationRules({ bucketId });
    expect(rules).toMatchObject([
      { name: 'some-rule', eventTypes: ['b2:ObjectCreated:Copy', 'b2:ObjectDeleted:Delete'], isEnabled: true },
    ]);
    const target = rules[0]?.targetConfiguration;
    const secret = target?.hmacSha256SigningSecret?.expose((text) => text) ?? '';
    expect(secret).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(target?.customHeaders?.[0]?.value.expose((text) => text)).toBe('open sesame');
    await section.getByRole('button', { name: 'Edit some-rule' }).click();
    expect(await dialog.getByLabel('Signing secret').getAttribute('type')).toBe('password');
    expect(await dialog.getByLabel('Value 1').getAttribute('type')).toBe('password');
  });

  it('that cannot be saved are told of in the server’s words', async () => {
    const { bucketName } = await createBucket();
    const page = await open(bucketName);
    const section = page.getByRole('region', { name: 'Event notifications' });
    await section.getByRole('button', { name: 'Edit as JSON' }).click();
    await section.getByLabel('Event notifications as JSON').fill(
      JSON.stringify([
        {
          ...{ name: 'plain-http', eventTypes: ['b2:ObjectCreated:*'], isEnabled: true, objectNamePrefix: '' },
          targetConfiguration: { targetType: 'webhook', url: 'http://hooks.example.com/' },
        },
      ]),
    );
    await section.getByRole('button', { name: 'Save' }).click();
    await section.getByRole('alert').getByText('must be an absolute https URL', { exact: false }).waitFor();
  });
});

it('tells that somebody else has changed the bucket, and loads it again', async () => {
  const { bucketId, bucketName } = await createBucket();
  const page = await open(bucketName);
  await scene.api.api.updateBucket({ bucketId, bucketInfo: { by: 'another' } });
  const type = page.getByRole('region', { name: 'Type', exact: true });
  await type.getByText('Public', { exact: true }).click();
  await type.getByRole('button', { name: 'Save' }).click();
  await type.getByText('The bucket was changed in the meantime').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, 'settings-conflict');
  await type.getByRole('button', { name: 'Load it again' }).click();
  await expect
    .poll(() => page.getByRole('region', { name: 'Bucket info' }).getByLabel('Value 1').inputValue())
    .toBe('another');
  expect((await stored(bucketId)).bucketType).toBe('allPrivate');
  await type.getByText('Public', { exact: true }).click();
  await save(type, 'The type of the bucket was saved');
  expect(await stored(bucketId)).toMatchObject({ bucketType: 'allPublic', bucketInfo: { by: 'another' } });
});

it('saves no default encryption over what somebody else has saved meanwhile', async () => {
  const { bucketId, bucketName } = await createBucket();
  const page = await open(bucketName);
  const section = page.getByRole('region', { name: 'Default encryption' });
  await section.getByText('On: SSE-B2').click();
  await scene.api.api.updateBucket({ bucketId, bucketInfo: { by: 'another' } });
  await section.getByRole('button', { name: 'Save' }).click();
  await section.getByText('The bucket was changed in the meantime').waitFor();
  expect(await scene.api.defaultEncryption.get(bucketId)).toBe('none');
  await section.getByRole('button', { name: 'Load it again' }).click();
  await section.getByText('On: SSE-B2').click();
  await save(section, 'Default encryption is on');
});

it('saves neither JSON nor a rule over what was stored after they were opened', async () => {
  const { bucketId, bucketName } = await createBucket();
  const days = (fileNamePrefix: string, daysFromHidingToDeleting: number) => ({
    fileNamePrefix,
    daysFromHidingToDeleting,
  });
  await scene.api.api.updateBucket({ bucketId, lifecycleRules: [days('a/', 1), days('b/', 2)] });
  const page = await open(bucketName);
  const info = page.getByRole('region', { name: 'Bucket info' });
  await info.getByRole('button', { name: 'Edit as JSON' }).click();
  await info.getByLabel('Bucket info as JSON').fill('{ "mine": "yes" }');
  const lifecycle = page.getByRole('region', { name: 'Lifecycle rules' });
  await lifecycle.getByRole('button', { name: 'Edit the rule for b/' }).click();
  await page.getByRole('dialog').getByLabel('Days from hiding to deletion').fill('20');

  const others = [days('b/', 2), days('c/', 3)];
  await scene.api.api.updateBucket({ bucketId, lifecycleRules: others, bucketInfo: { theirs: 'yes' } });
  // The page reads the bucket again when somebody comes back to it.
  const reading = page.waitForResponse((response) => response.url().includes('b2_list_buckets'));
  await page.waitForTimeout(11_000);
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
  await reading;
  await page.getByRole('button', { name: 'Apply' }).click();
  await lifecycle.getByRole('button', { name: 'Save' }).click();
  await lifecycle.getByText('The bucket was changed in the meantime').waitFor();
  await info.getByRole('button', { name: 'Save' }).click();
  await info.getByText('The bucket was changed in the meantime').waitFor();
  expect(await stored(bucketId)).toMatchObject({ lifecycleRules: others, bucketInfo: { theirs: 'yes' } });
  await info.getByRole('button', { name: 'Load it again' }).click();
  await expect.poll(() => info.getByLabel('Value 1').inputValue()).toBe('yes');
  await lifecycle.getByRole('button', { name: 'Load it again' }).click();
  await lifecycle.getByRole('button', { name: 'Edit the rule for c/' }).waitFor();
});

describe('a restricted key', () => {
  it('is told what it may not see, and offered nothing that it may not change', async () => {
    const { bucketId, bucketName } = await createBucket();
    await scene.api.api.updateBucket({
      bucketId,
      lifecycleRules: [{ fileNamePrefix: 'a/', daysFromHidingToDeleting: 1 }],
    });
    const page = await open(bucketName, await keyWith(['listBuckets'], { bucketIds: [bucketId] }));
    for (const [title, capability] of [
      ['Default encryption', 'readBucketEncryption'],
      ['Object Lock', 'readBucketRetentions'],
      ['Event notifications', 'readBucketNotifications'],
    ] as const) {
      const section = page.getByRole('region', { name: title });
      await section.getByText('This key may not see it').waitFor();
      await section.getByText(capability).waitFor();
      expect(await section.getByRole('button').count()).toBe(0);
    }
    const lifecycle = page.getByRole('region', { name: 'Lifecycle rules' });
    await lifecycle.getByText('it lacks the capability writeBuckets', { exact: false }).waitFor();
    expect(await lifecycle.getByRole('button').allInnerTexts()).toEqual(['Show as JSON']);
    await lifecycle.getByRole('button').click();
    expect(await lifecycle.getByRole('textbox').isEditable()).toBe(false);
    expect(await page.getByRole('radio').filter({ visible: true }).first().isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Delete …' }).count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'settings-restricted');
  });

  it('changes what it may, and only reads what it may only read', async () => {
    const { bucketId, bucketName } = await createBucket();
    const names = ['listBuckets', 'writeBuckets', 'readBucketEncryption', 'writeBucketEncryption'];
    const page = await open(bucketName, await keyWith([...names, 'readBucketRetentions']));
    const lock = page.getByRole('region', { name: 'Object Lock' });
    await lock.getByText('it lacks the capability writeBucketRetentions', { exact: false }).waitFor();
    expect(await lock.getByRole('button').count()).toBe(0);
    const section = page.getByRole('region', { name: 'Default encryption' });
    await section.getByText('On: SSE-B2').click();
    await save(section, 'Default encryption is on');
    expect(await scene.api.defaultEncryption.get(bucketId)).toBe('SSE-B2');
  });

  it('of names with a prefix cannot change what is about all names', async () => {
    const { bucketName } = await createBucket();
    const page = await open(
      bucketName,
      await keyWith(['listBuckets', 'writeBuckets', 'readBucketNotifications'], { namePrefix: 'a/' }),
    );
    await page.getByRole('region', { name: 'CORS rules' }).getByText('names with a prefix', { exact: false }).waitFor();
    const section = page.getByRole('region', { name: 'Event notifications' });
    await section.getByText('This key sees and sets only rules', { exact: false }).waitFor();
    await section.getByText('it lacks the capability writeBucketNotifications', { exact: false }).waitFor();
  });
});

describe('the page', () => {
  it('says that there is no such bucket', async () => {
    const page = await scene.signedIn({ path: '/buckets/no-such-bucket/settings' });
    await page.getByText('There is no such bucket').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', phone],
  ] as const)('is accessible and fits, with hostile rules: %s', async (name, view) => {
    const { bucketId, bucketName } = await createBucket({ fileLockEnabled: true });
    await scene.api.api.updateBucket({
      bucketId,
      bucketInfo: { note: `<script>alert(1)</script>${'v'.repeat(300)}` },
      lifecycleRules: [
        { fileNamePrefix: hostilePrefix, daysFromUploadingToHiding: 1, daysFromHidingToDeleting: 30 },
        { fileNamePrefix: 'logs/', daysFromStartingToCancelingUnfinishedLargeFiles: 7 },
      ],
      defaultRetention: { mode: 'governance', period: { duration: 1, unit: 'years' } },
    });
    const page = await open(bucketName, view);
    await page.getByText('\\u{202e}', { exact: false }).first().waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(page, `settings-${name}`);
    await page.getByRole('region', { name: 'Lifecycle rules' }).scrollIntoViewIfNeeded();
    await screenshot(page, `settings-${name}-rules`);
    await page.getByRole('region', { name: 'This bucket' }).scrollIntoViewIfNeeded();
    await screenshot(page, `settings-${name}-end`);
    await page.getByRole('button', { name: 'Add a notification rule' }).click();
    await page.getByRole('button', { name: 'Add a header' }).click();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(page, `settings-${name}-dialog`);
  });
});
