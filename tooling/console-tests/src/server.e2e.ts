import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { phone, useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';
import { sseB2, sseC } from '@coffer/client';
import { SecretBytes } from '@coffer/bytes';

const scene = useScene();

describe('the page about the server', () => {
  it('tells version, store, keyring, requests, and what is encrypted', async () => {
    const { api } = scene;
    const { bucketId } = await api.api.createBucket({ bucketName: 'covered-in-part', bucketType: 'allPrivate' });
    const customerKey = sseC(SecretBytes.random(32));
    for (const [name, encryption] of [
      ['none-1', undefined],
      ['none-2', undefined],
      ['b2', sseB2()],
      ['c', customerKey],
    ] as const) {
      await api.upload({ bucketId, fileName: name, data: new Uint8Array(1_000), encryption });
    }
    await api.api.createBucket({ bucketName: 'empty-one', bucketType: 'allPrivate' });

    const page = await scene.signedIn();
    await page.getByRole('link', { name: 'This server' }).click();
    await page.getByText('Takes reads and writes').waitFor();
    await page.getByRole('grid', { name: 'Global keys' }).getByText('Active').waitFor();
    await page.getByText('Requests per minute').waitFor();
    await page.getByRole('button', { name: 'Count all buckets' }).click();
    const list = page.getByRole('list', { name: 'Encryption coverage' });
    await list.getByText('Not encrypted: 2 versions, 2 KB').waitFor();
    await list.getByText('SSE-B2: 1 version, 1 KB').waitFor();
    await list.getByText('SSE-C: 1 version, 1 KB').waitFor();
    await list.getByText('No files').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'server');

    const small = await scene.signedIn({ ...phone, colorScheme: 'dark', path: '/server' });
    await small.getByText('Takes reads and writes').waitFor();
    expect(await accessibilityProblems(small)).toEqual([]);
    expect(await small.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(small, 'server-phone-dark');
  });

  it('is not there for another key, whatever it may do', async () => {
    const { applicationKeyId, applicationKey } = await scene.api.api.createKey({
      ...{
        keyName: 'nearly-everything',
        capabilities: ['listKeys', 'listBuckets', 'listFiles', 'readBucketEncryption'],
      },
    });
    const key = applicationKey.expose((text) => text);
    const page = await scene.signedIn({ keyId: applicationKeyId, key });
    await page.getByRole('link', { name: 'Application keys' }).waitFor();
    expect(await page.getByRole('link', { name: 'This server' }).count()).toBe(0);
    const other = await scene.signedIn({ keyId: applicationKeyId, key, path: '/server' });
    await other.getByText('This key may not see the server').waitFor();
  });
});
