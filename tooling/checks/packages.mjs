// What a user would install: packs every published package, lints the tarballs (publint, attw), installs them all in an empty
// folder elsewhere and imports every export. Fails if it looked at nothing. Writes its counts as JSON when COFFER_PACK_REPORT is set.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = resolve(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'coffer-pack-'));
const checks = [];

function check(name, run) {
  try {
    run();
    checks.push({ name, passed: true });
  } catch (error) {
    const output = error.stdout?.toString() ?? '';
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
    check(`publint ${manifest.name}`, () => {
      if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, manifest)).join('\n'));
    });
  }
  const attw = join(root, 'node_modules/.bin/attw');
  for (const { manifest, tarball } of tarballs) {
    check(`attw ${manifest.name}`, () =>
      execFileSync(attw, ['--profile', 'esm-only', '--no-emoji', tarball], { stdio: 'pipe' }),
    );
  }
  installElsewhere(tarballs);
  for (const { manifest } of tarballs) importEveryExport(manifest);
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

function installElsewhere(tarballs) {
  const consumer = join(work, 'consumer');
  mkdirSync(consumer);
  const files = Object.fromEntries(tarballs.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies: files, overrides: files }),
  );
  check('install the tarballs', () =>
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--omit=dev'], {
      cwd: consumer,
      stdio: 'pipe',
    }),
  );
}

function importEveryExport(manifest) {
  for (const path of Object.keys(manifest.exports ?? {})) {
    if (path.endsWith('.json')) continue;
    const specifier = manifest.name + path.slice(1);
    check(`import ${specifier}`, () => {
      const script = `const m = await import(${JSON.stringify(specifier)}); if (Object.keys(m).length === 0 && ${JSON.stringify(path)} === '.') process.exit(3);`;
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: join(work, 'consumer'),
        stdio: 'pipe',
      });
    });
  }
}

const passed = checks.filter((one) => one.passed).length;
const failed = checks.length - passed;
if (process.env.COFFER_PACK_REPORT !== undefined) {
  mkdirSync(dirname(process.env.COFFER_PACK_REPORT), { recursive: true });
  writeFileSync(process.env.COFFER_PACK_REPORT, JSON.stringify({ passed, failed, checks }));
}
console.log(`packages: ${packages.length} packed, ${passed} checks passed, ${failed} failed`);
if (failed > 0 || packages.length === 0 || checks.length < packages.length * 2) process.exit(1);
