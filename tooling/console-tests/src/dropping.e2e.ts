import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useTestFiles, waitForDone } from './harness/files-of-tests.ts';
import { useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene();
const files = useTestFiles();

let buckets = 0;

async function newBucket() {
  const bucketName = `dropping-${String(++buckets)}-bucket`;
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
  const names = async (): Promise<readonly string[]> => {
    const { files: listed } = await scene.api.api.listFileNames({ bucketId });
    return listed.map(({ fileName }) => fileName);
  };
  return { path: `/buckets/${bucketName}/files`, names };
}

interface Dragged {
  readonly items: readonly { readonly mimeType: string; readonly data: string }[];
  readonly files: readonly string[];
  readonly dragOperationsMask: number;
}

/** Drags something from outside of the browser, over the list of files unless another place is named. */
async function dragging(page: Page) {
  await page.getByRole('button', { name: 'Upload', exact: true }).first().waitFor();
  const cdp = await page.context().newCDPSession(page);
  return {
    hint: page.getByText('Drop to upload into this folder'),
    drag: async (
      types: readonly ('dragEnter' | 'dragOver' | 'drop')[],
      { items, files: paths, dragOperationsMask }: Dragged,
      over = '.upload-area',
    ): Promise<void> => {
      const box = await page.locator(over).boundingBox();
      const [x, y] = [(box?.x ?? 0) + 60, (box?.y ?? 0) + 20];
      const data = { items: [...items], files: [...paths], dragOperationsMask };
      for (const type of types) await cdp.send('Input.dispatchDragEvent', { type, x, y, data });
    },
  };
}

describe('dropping', () => {
  it('takes files and folders that are dropped onto the page', async () => {
    const { names, path } = await newBucket();
    const single = await files.random('dropped.bin', 1_000);
    await files.random('dropped-folder/one', 10);
    await files.random('dropped-folder/in/two', 10);
    const page = await scene.signedIn({ path });
    const { drag, hint } = await dragging(page);
    const data = { items: [], files: [single.path, `${files.folder}/dropped-folder`], dragOperationsMask: 1 };
    await drag(['dragEnter', 'dragOver'], data);
    await hint.waitFor();
    await screenshot(page, 'uploads-drop');
    await drag(['drop'], data);
    await page.getByRole('button', { name: 'Upload 3 files' }).click();
    await waitForDone(page, 3);
    expect(await names()).toEqual(['dropped-folder/in/two', 'dropped-folder/one', 'dropped.bin']);
  });

  it('takes a file of text that is dropped, and no dragged text', async () => {
    const { names, path } = await newBucket();
    const note = await files.random('dropped-note.txt', 20);
    const page = await scene.signedIn({ path });
    const { drag, hint } = await dragging(page);
    const text = { items: [{ mimeType: 'text/plain', data: 'some text' }], files: [], dragOperationsMask: 1 };
    await drag(['dragEnter', 'dragOver'], text);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    expect(await hint.count()).toBe(0);
    await drag(['drop'], text);
    const ofFile = { items: [], files: [note.path], dragOperationsMask: 1 };
    await drag(['dragEnter', 'dragOver'], ofFile);
    await hint.waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await drag(['drop'], ofFile);
    await page.getByRole('button', { name: 'Upload 1 file' }).click();
    await waitForDone(page, 1);
    expect(await names()).toEqual(['dropped-note.txt']);
  });

  it('stays on the page when files are dropped beside the list', async () => {
    const { path } = await newBucket();
    const beside = await files.random('beside.txt', 20);
    const page = await scene.signedIn({ path });
    const { drag } = await dragging(page);
    // These come after the listeners of the page, and see what those have done.
    await page.evaluate(`
      globalThis.seen = [];
      for (const type of ['dragover', 'drop']) {
        addEventListener(type, (event) => {
          seen.push(event.type + ' ' + event.defaultPrevented + ' ' + event.dataTransfer.dropEffect);
        });
      }
    `);
    const address = page.url();
    await drag(
      ['dragEnter', 'dragOver', 'drop'],
      { items: [], files: [beside.path], dragOperationsMask: 1 },
      '.shell-brand',
    );
    await expect.poll(() => page.evaluate('globalThis.seen ?? "another page"')).toContain('dragover true none');
    expect(await page.evaluate('seen.every((event) => event.includes(" true "))')).toBe(true);
    expect(page.url()).toBe(address);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});
