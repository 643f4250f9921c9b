// Looks at what was changed, in about a minute: node changed.mjs [REVISION] Changed is what differs from where the
// branch left REVISION (main by default), committed or not. Types and floors are checked everywhere; lint and format of
// the changed files; of the tests those that are changed, or stand beside a changed file. What else a change may have
// broken the whole `pnpm test` tells.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';

const [revision = 'main'] = process.argv.slice(2);

const changed = changedFiles(revision);
const scripts = changed.filter((file) => /\.(?:tsx?|mjs|js)$/.test(file));
const printed = changed.filter((file) => /\.(?:tsx?|mjs|js|json|md|ya?ml|css|html)$/.test(file));
const tests = [...new Set(changed.flatMap(testsBeside))].sort();
console.log(`check: ${changed.length} changed files since ${revision}, ${tests.length} files of tests`);

const checks = [
  run('types', 'tsc', ['-p', 'tooling/config/tsconfig.check.json']),
  run('floors', '/bin/sh', ['-c', JSON.parse(readFileSync('package.json', 'utf8')).scripts.floors]),
  of(scripts, 'lint', 'eslint', ['--config', 'tooling/config/eslint.config.js', '--no-warn-ignored']),
  of(printed, 'format', 'prettier', ['--check', '--log-level', 'warn']),
  of(tests, 'tests', 'vitest', ['run', '--config', 'tooling/config/vitest.config.ts', '--reporter', 'dot']),
];
const failed = (await Promise.all(checks)).filter((name) => name !== undefined);
console.log(failed.length === 0 ? 'check: all is well' : `check: failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Of files that are there, relative to the root. */
function changedFiles(since) {
  const base = git('merge-base', since, 'HEAD').trim();
  const lines = git('diff', '--name-only', '--diff-filter=d', base) + git('ls-files', '--others', '--exclude-standard');
  return [...new Set(lines.split('\n'))].filter((file) => file !== '' && existsSync(file)).sort();
}

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' });
  if (status === 0) return stdout;
  console.error(`check: git ${args.join(' ')}: ${stderr.trim()}`);
  process.exit(2);
}

/** The tests in the folder of a source file, and the file itself if it is one. */
function testsBeside(file) {
  if (!/^(?:packages|apps|tooling)\/[^/]+\/src\/.*\.tsx?$/.test(file)) return [];
  if (file.endsWith('.test.ts')) return [file];
  const folder = dirname(file);
  const own = join(folder, `${file.slice(folder.length + 1).replace(/\.tsx?$/, '')}.test.ts`);
  if (existsSync(own)) return [own];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name));
}

function of(files, name, tool, args) {
  return files.length === 0 ? Promise.resolve(undefined) : run(name, tool, [...args, ...files]);
}

/** Runs a command and prints its output when it has ended, unless it went well; resolves to its name if it failed. */
function run(name, tool, args) {
  const started = performance.now();
  const path = tool.includes('/') ? tool : join('node_modules', '.bin', tool);
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
  return new Promise((resolve) => {
    child.on('error', (error) => (output += String(error)));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.log(`${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
      if (code !== 0) console.log(output);
      resolve(code === 0 ? undefined : name);
    });
  });
}
