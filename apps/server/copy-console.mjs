// Copies the built web console to where the server looks for it and from where it is published. The console is built
// before the server, since the server's manifest names it. Beside each file that compresses well goes the same,
// compressed: the server sends that, and compresses nothing itself.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const built = fileURLToPath(new URL('../web-console/dist/', import.meta.url));
const target = fileURLToPath(new URL('./console/', import.meta.url));

if (existsSync(new URL('../web-console/package.json', import.meta.url))) {
  if (!existsSync(`${built}index.html`)) {
    console.error(`The web console is not built: there is no index.html in ${built}. Build @coffer/web-console first.`);
    process.exit(1);
  }
  rmSync(target, { recursive: true, force: true });
  cpSync(built, target, { recursive: true });
  for (const name of readdirSync(target, { recursive: true })) {
    if (!/\.(?:html|js|css|svg)$/.test(name)) continue;
    const content = readFileSync(join(target, name));
    writeFileSync(join(target, `${name}.br`), brotliCompressSync(content));
    writeFileSync(join(target, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
  console.log(`web console: ${readdirSync(target, { recursive: true, withFileTypes: true }).length} files and folders`);
} else {
  console.log('This checkout has no web console (apps/web-console): the server is built without it.');
}
