// Runs a bundled program where Node's own modules and globals are not: in Node without them, Chromium, Deno and Bun.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** From the registry, with their programs inside; installed for the check only, since nothing else needs them. */
const installed = { deno: '2.9.6', bun: '1.4.4' };
const browsers = ['chromium', 'chromium-browser', 'google-chrome'];
const milliseconds = 120_000;
const passed = 'coffer-passed';

/** The last line of a program that got there. Not console.log alone: a browser shows its page. */
const ending = `;\nglobalThis.document ? (document.title = '${passed}') : console.log('${passed}');\n`;

/** Everything that only Node has. What is left is what all runtimes of the Web have in common. */
const ownGlobals = ['process', 'Buffer', 'global', 'setImmediate', 'clearImmediate', 'require', 'module', 'exports'];
const withoutNode = `for (const name of ${JSON.stringify(ownGlobals)}) delete globalThis[name];\n`;
/** Hidden from the program only: in Node, `Headers` and `Response` need them. */
const hidingNode = `const ${ownGlobals.map((name) => `${name} = undefined`).join(', ')};\n`;

/**
 * The runtimes on this machine, each as a function that runs a bundle and throws if it does not get to its end.
 * `missing` says of the others why they are not there.
 */
export function findRuntimes(work) {
  const bare = (name, code, { usesFetch = false } = {}) =>
    run(process.execPath, [write(work, name, (usesFetch ? hidingNode : withoutNode) + code)]);
  const found = new Map([['bare', bare]]);
  const missing = [];
  const browser = onPath(browsers);
  if (browser === undefined) missing.push('chromium: it is not on the PATH; on Debian, apt-get install chromium');
  else found.set('Chromium', (name, code) => runInBrowser(browser, work, name, code));
  for (const [name, version] of Object.entries(installed)) {
    const program = install(work, name, version);
    if (program === undefined) missing.push(`${name}: it could not be installed`);
    else
      found.set(name[0].toUpperCase() + name.slice(1), (file, code) =>
        run(program, runArguments(name, work, file, code)),
      );
  }
  return { found, missing };
}

function runArguments(runtime, work, name, code) {
  const file = write(work, name, code);
  return runtime === 'deno' ? ['run', '--no-config', '--no-lock', '--no-npm', file] : ['run', file];
}

function run(program, args) {
  const options = { stdio: 'pipe', timeout: milliseconds, env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' } };
  const output = execFileSync(program, args, options).toString();
  if (!output.includes(passed)) throw new Error(`the program did not get to its end: ${output.slice(0, 500)}`);
}

function runInBrowser(browser, work, name, code) {
  const page = `<!doctype html><meta charset="utf-8"><title>running</title>
<script>addEventListener('unhandledrejection', (event) => { document.title = String(event.reason); });
addEventListener('error', (event) => { document.title = event.message; });</script>
<script type="module">${(code + ending).replaceAll('</script', '<\\/script')}</script>`;
  const file = join(work, `${name}.html`);
  writeFileSync(file, page);
  const profile = join(work, 'browser');
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
  const arguments_ = [
    ...flags,
    `--user-data-dir=${profile}`,
    '--virtual-time-budget=30000',
    '--dump-dom',
    `file://${file}`,
  ];
  const output = execFileSync(browser, arguments_, { stdio: 'pipe', timeout: milliseconds }).toString();
  const title = /<title>(.*?)<\/title>/s.exec(output)?.[1];
  if (title !== passed) throw new Error(`the page ended with: ${title}`);
}

function write(work, name, code) {
  const file = join(work, `${name}.mjs`);
  writeFileSync(file, code + ending);
  return file;
}

function install(work, name, version) {
  const directory = join(work, 'runtimes', name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'runtime', private: true }));
  try {
    // Their install scripts put the program in its place; they fetch nothing.
    const npm = ['install', '--no-audit', '--no-fund', '--no-package-lock', `${name}@${version}`];
    execFileSync('npm', npm, { cwd: directory, stdio: 'pipe', timeout: 5 * milliseconds });
  } catch {
    return undefined;
  }
  const program = join(directory, 'node_modules', '.bin', name);
  return existsSync(program) ? program : undefined;
}

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
