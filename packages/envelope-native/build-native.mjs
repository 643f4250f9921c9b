// Builds the native library with cargo and puts it where the package looks for it: native/coffer-envelope.node.
// `--check` also runs the crate's own tests and, if it is installed, clippy; `--json FILE` writes how many of these
// passed, failed and were skipped.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const crate = fileURLToPath(new URL('./crate', import.meta.url));
const native = fileURLToPath(new URL('./native', import.meta.url));
const built = {
  darwin: 'libcoffer_envelope_native.dylib',
  win32: 'coffer_envelope_native.dll',
}[process.platform];
const { values: options } = parseArgs({ options: { check: { type: 'boolean' }, json: { type: 'string' } } });

if (spawnSync('cargo', ['--version']).error !== undefined) {
  console.error('The native engine is built with cargo, which is not installed here; see https://rustup.rs.');
  process.exit(1);
}

const counts = { passed: 0, failed: 0, skipped: 0, problems: [] };
build();
if (options.check === true && counts.failed === 0) check();
if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

function build() {
  if (cargo('build', '--release', '--locked').status !== 0) return count('failed', 'cargo build');
  const target = join(native, 'coffer-envelope.node');
  mkdirSync(native, { recursive: true });
  // Renamed into its place: a process that has the old file open keeps it, where a copy would change it under its feet.
  copyFileSync(join(crate, 'target/release', built ?? 'libcoffer_envelope_native.so'), `${target}.new`);
  renameSync(`${target}.new`, target);
  console.log(`built ${target}`);
  count('passed');
}

function check() {
  const { status, stdout } = cargo('test', '--release', '--locked');
  const results = [...stdout.matchAll(/^test (\S+)(?: .*)? \.\.\. (\w+)/gm)];
  for (const [, name, result] of results)
    count(result === 'ok' ? 'passed' : result === 'ignored' ? 'skipped' : 'failed', `cargo test ${name}`);
  // Tests that could not be compiled, or none at all, are a failure as well.
  if (results.length === 0 || (status !== 0 && counts.failed === 0)) count('failed', 'cargo test');
  if (spawnSync('cargo', ['clippy', '--version']).status !== 0) {
    console.log('clippy: skipped, it is not installed');
    return count('skipped');
  }
  const clippy = cargo('clippy', '--release', '--locked', '--all-targets', '--', '-D', 'warnings');
  count(clippy.status === 0 ? 'passed' : 'failed', 'cargo clippy');
}

function count(what, name) {
  counts[what]++;
  if (what === 'failed') counts.problems.push(name);
}

/** What cargo builds goes below the crate, whatever the environment says. */
function cargo(...args) {
  const env = { ...process.env, CARGO_TARGET_DIR: join(crate, 'target') };
  const done = spawnSync('cargo', args, { cwd: crate, env, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  process.stdout.write(done.stdout);
  return done;
}
