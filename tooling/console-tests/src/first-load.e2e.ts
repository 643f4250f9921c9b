import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { useScene } from './harness/scene.ts';

const scene = useScene();

const dist = new URL('../../../apps/web-console/dist/', import.meta.url);

/** Bytes of JavaScript that the first page may load, compressed. */
const limit = 250 * 1024;

it('the first page loads at most 250 KiB of compressed JavaScript', async () => {
  const page = await readFile(new URL('index.html', dist), 'utf8');
  // The module and all that it imports, which the build lists in the page.
  const files = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path = '']) => path);
  expect(files.length).toBeGreaterThan(0);
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(await readFile(fileURLToPath(new URL(file, dist)))).length),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`first load: ${String(Math.round(total / 1024))} KiB of ${String(limit / 1024)}`);
  expect(total).toBeLessThanOrEqual(limit);
  expect(total).toBeGreaterThan(50 * 1024);
});

it('the page has no script and no style of its own', async () => {
  const page = await readFile(new URL('index.html', dist), 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
});

it('the server sends the files of the page compressed', async () => {
  const page = await fetch(`${scene.server.consoleUrl}/`, { headers: { 'Accept-Encoding': 'br' } });
  expect(page.headers.get('content-encoding')).toBe('br');
  const [, script = ''] = /src="(\/[^"]+\.js)"/.exec(await page.text()) ?? [];
  const sent = await fetch(`${scene.server.consoleUrl}${script}`, { headers: { 'Accept-Encoding': 'gzip' } });
  expect(sent.headers.get('content-encoding')).toBe('gzip');
  expect(Number(sent.headers.get('content-length'))).toBeLessThanOrEqual(limit);
});
