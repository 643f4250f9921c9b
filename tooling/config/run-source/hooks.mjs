import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../../node_modules/.cache/coffer-source/', import.meta.url));

/** Loads TypeScript sources: Node 20 does not strip types by itself. */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const source = await readFile(fileURLToPath(url), 'utf8');
  return { format: 'module', shortCircuit: true, source: await translated(source) };
}

/** From the cache by content: the compiler alone takes longer to load than a whole server does to start. */
async function translated(source) {
  const path = `${cache}${createHash('sha256').update(source).digest('hex')}.mjs`;
  try {
    return await readFile(path, 'utf8');
  } catch {
    const output = await translate(source);
    // Tests also run programs as a user who may write nowhere: these do without.
    await keep(path, output).catch(() => undefined);
    return output;
  }
}

async function keep(path, output) {
  const temporary = `${path}.${randomUUID()}`;
  await mkdir(cache, { recursive: true });
  await writeFile(temporary, output);
  await rename(temporary, path);
}

async function translate(source) {
  const { default: ts } = await import('typescript');
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
