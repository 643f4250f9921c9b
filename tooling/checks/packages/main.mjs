// What a user would install: packs every published package, lints the tarballs (publint, attw), installs them all in an
// empty folder elsewhere, imports every export, measures what comes along against `limits.json`, and runs what is said
// to run outside of Node there. Prints the table of packages. Fails if it looked at nothing. Writes its counts as JSON
// when COFFER_PACK_REPORT is set.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { bundle, usesAll, usesOne } from './bundle.mjs';
import { checkLoaded } from './command.mjs';
import { installedWith } from './installed.mjs';
import { findRuntimes } from './runtimes.mjs';
import { printTable } from './table.mjs';

const root = resolve(import.meta.dirname, '../../..');
const limits = JSON.parse(readFileSync(new URL('./limits.json', import.meta.url), 'utf8'));
const replaced = { 'node:assert/strict': join(import.meta.dirname, 'web-assert.mjs') };
const work = mkdtempSync(join(tmpdir(), 'coffer-pack-'));
const checks = [];
const skipped = [];

async function check(name, run) {
  try {
    await run();
    checks.push({ name, passed: true });
  } catch (error) {
    const output = `${error.stdout?.toString() ?? ''}${error.stderr?.toString() ?? ''}`;
    checks.push({ name, passed: false });
    console.error(`FAILED ${name}\n${error.message}\n${output}`);
  }
}

const packages = ['packages', 'apps']
  .flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true }).map((entry) => join(root, group, entry.name)),
  )
  .map((directory) => ({ directory, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) }))
  .filter(({ manifest }) => manifest.private !== true);

try {
  const tarballs = packages.map(pack);
  for (const { directory, manifest } of packages) {
    const { messages } = await publint({ pkgDir: directory, strict: true, level: 'suggestion', pack: false });
    await check(`publint ${manifest.name}`, () => {
      if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, manifest)).join('\n'));
    });
  }
  const attw = join(root, 'node_modules/.bin/attw');
  for (const { manifest, tarball } of tarballs) {
    await check(`attw ${manifest.name}`, () =>
      execFileSync(attw, ['--profile', 'esm-only', '--no-emoji', tarball], { stdio: 'pipe' }),
    );
  }
  const consumer = join(work, 'consumer');
  await installElsewhere(consumer, tarballs, {});
  for (const { manifest } of tarballs) await importEveryExport(consumer, manifest);
  const oldest = join(work, 'oldest-peers');
  await installElsewhere(oldest, tarballs, oldestPeers());
  for (const { manifest } of tarballs)
    if (manifest.peerDependencies !== undefined) await importEveryExport(oldest, manifest);
  await check('what the installed command loads at its start', () => checkLoaded(consumer));
  await check('limits.json has a row for every export, and for nothing else', checkRows);
  await measure(consumer, oldest);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function pack({ directory, manifest }) {
  // pnpm replaces `workspace:` ranges by versions while packing, as it does while publishing.
  const pnpm = process.env.npm_execpath?.includes('pnpm')
    ? [process.execPath, process.env.npm_execpath]
    : ['npx', '-y', 'pnpm@10'];
  const output = execFileSync(pnpm[0], [...pnpm.slice(1), 'pack', '--json', '--pack-destination', work], {
    cwd: directory,
  });
  return { directory, manifest, tarball: resolve(work, JSON.parse(output.toString()).filename) };
}

/** Installs all packages; `others` are versions of what their users bring along. */
async function installElsewhere(consumer, tarballs, others) {
  mkdirSync(consumer);
  const files = Object.fromEntries(tarballs.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({
      ...{ name: 'consumer', private: true, type: 'module' },
      ...{ dependencies: { ...files, ...others }, overrides: files },
    }),
  );
  await check(`install the tarballs${Object.entries(others).map(([name, version]) => `, ${name} ${version}`)}`, () =>
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--omit=dev'], {
      cwd: consumer,
      stdio: 'pipe',
    }),
  );
}

/** The oldest version that the ranges of all peer dependencies allow. */
function oldestPeers() {
  const ranges = packages.flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}));
  return Object.fromEntries(
    ranges.map(([name, range]) => {
      const version = /^\^(\d+\.\d+\.\d+)$/.exec(range)?.[1];
      if (version === undefined) throw new Error(`The range of the peer ${name} is not ^x.y.z: ${range}`);
      return [name, version];
    }),
  );
}

function exportsOf(manifest) {
  const paths = Object.keys(manifest.exports ?? {}).filter((path) => !path.endsWith('.json'));
  return paths.map((path) => manifest.name + path.slice(1));
}

async function importEveryExport(consumer, manifest) {
  for (const specifier of exportsOf(manifest)) {
    await check(`import ${specifier}`, () => {
      const mayBeEmpty = specifier !== manifest.name;
      const importing = `const m = await import(${JSON.stringify(specifier)});`;
      const script = `${importing} if (Object.keys(m).length === 0 && !${mayBeEmpty}) process.exit(3);`;
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: consumer, stdio: 'pipe' });
    });
  }
}

function checkRows() {
  const expected = packages.flatMap(({ manifest }) => exportsOf(manifest)).sort();
  const rows = Object.keys(limits).sort();
  const wrong = [...expected.filter((one) => !rows.includes(one)), ...rows.filter((one) => !expected.includes(one))];
  if (wrong.length > 0) throw new Error(`missing or surplus: ${wrong.join(', ')}`);
}

async function measure(consumer, oldest) {
  const runtimes = findRuntimes(work);
  const rows = [];
  for (const [specifier, limit] of Object.entries(limits)) {
    const manifest = packages.find(({ manifest: { name } }) => name === specifier)?.manifest;
    const row = { specifier, runtimes: ['Node'], import: limit.import };
    rows.push(row);
    if (manifest !== undefined)
      await check(`what ${specifier} brings along`, () => {
        Object.assign(row, installedWith(consumer, specifier), { peers: Object.keys(manifest.peerDependencies ?? {}) });
        atMost(limit.dependencies, row.dependencies, 'packages');
      });
    if (limit.notBundled === undefined) await measureBundles(consumer, specifier, limit, row);
    if (limit.web !== undefined) await runOutsideOfNode(consumer, oldest, limit, runtimes, row);
  }
  printTable(rows);
  for (const missing of runtimes.missing) console.log(`not run in ${missing}`);
}

async function measureBundles(consumer, specifier, limit, row) {
  const options = { external: limit.external };
  await check(`the bundle of ${specifier}`, async () => {
    row.bundle = await bundle(consumer, usesAll(specifier), options);
    atMost(limit.bundle, row.bundle.bytes / 1000, 'kB');
    if (limit.web !== undefined && row.bundle.builtins.length > 0)
      throw new Error(`it imports ${row.bundle.builtins.join(', ')}, which a browser does not have`);
  });
  await check(`the bundle of ${limit.import} of ${specifier}`, async () => {
    row.one = await bundle(consumer, usesOne(specifier, limit.import), options);
    atMost(limit.one, row.one.bytes / 1000, 'kB');
  });
}

/**
 * Runs a package's example in all runtimes that are there, and where nothing of Node is; there also with the oldest
 * peers.
 */
async function runOutsideOfNode(consumer, oldest, { web: example, usesFetch }, { found, missing }, row) {
  const source = readFileSync(join(root, example), 'utf8');
  const name = example.replace(/\W+/g, '-');
  const program = await bundle(consumer, source, { replaced });
  if (program.builtins.length > 0) throw new Error(`${example} imports ${program.builtins.join(', ')}`);
  for (const [runtime, run] of found)
    await check(`${example} in ${runtime}`, () => {
      run(name, program.code, { usesFetch });
      if (runtime !== 'bare') row.runtimes.push(runtime);
    });
  skipped.push(...missing.map((runtime) => `${example} in ${runtime}`));
  const withOldest = await bundle(oldest, source, { replaced });
  await check(`${example} with the oldest peers`, () =>
    found.get('bare')(`${name}-oldest`, withOldest.code, { usesFetch }),
  );
}

function atMost(limit, value, unit) {
  if (typeof limit !== 'number') throw new Error('limits.json says no limit');
  if (value > limit) throw new Error(`${Math.round(value * 10) / 10} ${unit}, where limits.json allows ${limit}`);
}

const passed = checks.filter((one) => one.passed).length;
const failed = checks.length - passed;
if (process.env.COFFER_PACK_REPORT !== undefined) {
  mkdirSync(dirname(process.env.COFFER_PACK_REPORT), { recursive: true });
  const problems = checks.filter((one) => !one.passed).map(({ name }) => name);
  writeFileSync(
    process.env.COFFER_PACK_REPORT,
    JSON.stringify({ passed, failed, skipped: skipped.length, checks, problems }),
  );
}
console.log(
  `packages: ${packages.length} packed, ${passed} checks passed, ${failed} failed, ${skipped.length} skipped`,
);
if (failed > 0 || packages.length === 0 || checks.length < packages.length * 2) process.exit(1);
